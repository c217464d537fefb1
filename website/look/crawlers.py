"""Write sitemap.xml and robots.txt for search engines. The sitemap leaves out the pages of solutions and the pages for
teachers."""

from pathlib import Path
from xml.sax.saxutils import escape

from .search import hidden


def write(app, exception):
    if exception or app.builder.format != "html":
        return
    base = app.config.html_baseurl
    pages = [page for page in sorted(app.env.found_docs) if not hidden(app.env.metadata.get(page, {}))]
    addresses = [base + ("" if page == app.config.root_doc else app.builder.get_target_uri(page)) for page in pages]
    places = "\n".join(f"<url><loc>{escape(address)}</loc></url>" for address in addresses)
    out = Path(app.outdir)
    (out / "sitemap.xml").write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{places}\n</urlset>\n',
        encoding="utf8",
    )
    (out / "robots.txt").write_text(f"User-agent: *\nAllow: /\nSitemap: {base}sitemap.xml\n", encoding="utf8")


def setup(app):
    app.connect("build-finished", write)
