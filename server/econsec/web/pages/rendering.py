"""From a template to a response: safe, in one language, and not sent twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial, wraps
from http import HTTPStatus
from urllib.parse import urlsplit

from fastapi import Request, Response

from econsec.engine.backends import Backend
from econsec.engine.cache import Cache, CachedAnswer
from econsec.service.about import About
from econsec.settings import Settings
from econsec.web.address import own_root
from econsec.web.assets import Assets
from econsec.web.languages import language_named, preferred_language
from econsec.web.pages.environment import environment
from econsec.web.pages.view import View
from econsec.web.parameters import Fields, fields_of, single
from econsec.web.whole import whole

__all__ = ["HTML", "Renderer", "fields", "policy"]

HTML = "text/html; charset=utf-8"
Answer = Callable[..., Awaitable[Response]]
"""A handler: of a request, and of the parts of its path."""

_MAX_FIELDS = 50
_PAGE = "page"
"""Where a request keeps what was made for it."""

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


class Renderer:
    """Renders the pages of a service."""

    def __init__(
        self,
        backend: Backend,
        about: About,
        *,
        assets: Assets,
        cache: Cache,
        settings: Settings,
    ) -> None:
        self._about = about
        self._assets = assets
        self._backend = backend
        self._cache = cache
        self._settings = settings
        self._root = urlsplit(settings.public_url).path.rstrip("/")

    def view(self, request: Request) -> View:
        """Who looks: languages by `lang=` and `content=`, else by what the browser prefers."""
        given = fields(request)
        chosen, content = single(given, "lang"), single(given, "content")
        language = language_named(chosen) if chosen else preferred_language(request)
        return View(
            language=language,
            content=language_named(content, "content") if content else language,
            path=request.scope["path"],
            query=request.scope["query_string"].decode("ascii", errors="replace"),
            root=self._root,
            is_chosen=chosen is not None,
        )

    def kept(self, answer: Answer) -> Answer:
        """A page that is made once for each commit, address and language.

        Its handler may hang on nothing else.
        """

        @wraps(answer)
        async def respond(request: Request, **parts: str) -> Response:
            return await self.once(request, partial(answer, request, **parts))

        return respond

    async def once(self, request: Request, make: Callable[[], Awaitable[Response]]) -> Response:
        """What `make` answers by `respond`, or what it did before while the data are the same."""
        key = self._key(request)
        known = self._cache.get(key)
        if known is not None:
            headers = {name.decode(): value.decode() for name, value in known.headers}
            return await whole(request, known.body, HTML, headers=headers)
        answer = await make()
        page = getattr(request.state, _PAGE, None)
        if page is not None and key == self._key(request):  # no commit has come meanwhile
            self._cache.put(key, page)
        return answer

    def _key(self, request: Request) -> tuple[object, ...]:
        publication = self._backend.publication
        # A page may name its own address, which the client says.
        root = own_root(request, self._settings)
        return "page", publication.digest, publication.commit, root, self.view(request)

    async def respond(
        self,
        request: Request,
        template: str,
        *,
        view: View | None = None,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        styles_inline: bool = False,
        **context: object,
    ) -> Response:
        """A page by its template, which is given `view`, `about`, `assets` and `context`.

        `styles_inline` is for pages with a library that writes its styles into the
        page. Raises `EconSecError`.
        """
        view = view or self.view(request)
        about = await self._about.facts()
        body = (
            environment()
            .get_template(template)
            .render(
                view=view,
                about=about,
                assets=self._assets,
                commit=self._backend.publication.commit,
                **context,
            )
            .encode()
        )
        sent = {
            "Vary": "Accept, Accept-Language, Accept-Encoding",
            "Referrer-Policy": "same-origin",
            "Content-Language": view.language.value,
            "Content-Security-Policy": policy(styles_inline=styles_inline),
            **(headers or {}),
        }
        if status == HTTPStatus.OK:
            named = tuple((name.encode(), value.encode()) for name, value in sent.items())
            setattr(request.state, _PAGE, CachedAnswer(named, body))
        return await whole(request, body, HTML, headers=sent, status=status)


def fields(request: Request) -> Fields:
    """The parameters of a page. Raises `InvalidInput`."""
    return fields_of(request.scope["query_string"], "query string", most=_MAX_FIELDS)


def policy(*, styles_inline: bool = False) -> str:
    """What a page may load: nothing from elsewhere, and no script of its own text."""
    rules = {**_POLICY, "style-src": "'self' 'unsafe-inline'"} if styles_inline else _POLICY
    return "; ".join(f"{name} {value}" for name, value in rules.items())
