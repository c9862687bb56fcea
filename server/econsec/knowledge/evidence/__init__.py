"""Evidence: which passages of the source document show each thing of the graph."""
