"""What hangs on a shapes graph alone is worked out once for each graph.

It is kept for as long as the graph itself: no list of all shapes that were ever asked about
grows beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from threading import RLock
from typing import TypeVar, TypeVarTuple
from weakref import WeakKeyDictionary

from econsec.knowledge.shapes.graph import ShapesGraph

__all__ = ["kept_with_graph"]

_Given = TypeVarTuple("_Given")
_Result = TypeVar("_Result")


def kept_with_graph(
    *, most: int | None = None
) -> Callable[
    [Callable[[ShapesGraph, *_Given], _Result]], Callable[[ShapesGraph, *_Given], _Result]
]:
    """A function of a shapes graph, and of what is hashable, whose results are kept.

    Those that were asked for last, `most` of each graph (`None`: all). A result must not hold
    the graph, or neither would ever go. What is raised is not kept. One thread at a time
    works anything out.
    """

    def keeping(
        function: Callable[[ShapesGraph, *_Given], _Result],
    ) -> Callable[[ShapesGraph, *_Given], _Result]:
        known: WeakKeyDictionary[ShapesGraph, dict[Hashable, _Result]] = WeakKeyDictionary()
        lock = RLock()

        @wraps(function)
        def asked(shapes: ShapesGraph, *given: *_Given) -> _Result:
            with lock:
                results = known.setdefault(shapes, {})
                result = results.pop(given) if given in results else function(shapes, *given)
                results[given] = result  # what was asked for last is the last
                if most is not None and len(results) > most:
                    del results[next(iter(results))]
                return result

        return asked

    return keeping
