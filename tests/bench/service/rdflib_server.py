"""rdflib-endpoint over a file of N-Triples; run by the Python of an environment that has it."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    import uvicorn
    from rdflib import Graph
    from rdflib_endpoint import SparqlEndpoint

    graph = Graph().parse(sys.argv[1], format="nt")
    app = SparqlEndpoint(graph=graph, path="/sparql")
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(sys.argv[2]),
        log_level="warning",
        # A heavy query holds up the event loop for longer than the 5 s that it keeps a client.
        timeout_keep_alive=300,
    )
