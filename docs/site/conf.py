"""The pages of the repository as a site: Sphinx, MyST and Furo as Debian has them. Run by build.sh."""

import json
import re
from pathlib import Path

from docutils import nodes

project = html_title = "Castalia"
extensions = ["myst_parser"]
root_doc = "docs/index"
include_patterns = ["README.md", "CHANGELOG.md", "docs/*.md", "bench/README.md", "bench/results/*.md"]
exclude_patterns = ["artifacts", "src", "tests", "tools", "TestResults", "**/.*"]

myst_heading_anchors = 4  # named as GitHub names them
highlight_language = "none"
pygments_style = "xcode"  # of those that ship the one whose every colour is read easily on light grey

html_theme = "furo"
html_theme_options = {"light_css_variables": {"color-code-background": "#f8f8f8"}}
html_static_path = ["static"]
html_css_files = ["castalia.css"]
html_js_files = ["castalia.js"]
html_copy_source = False
html_use_index = False
html_show_search_summary = False  # it would fetch pages, which a browser refuses from disk; castalia.js has the texts


def navigation(text):
    """The headings and links of the page of pages as tables of contents, which the page itself does not show."""
    for heading, body in re.findall(r"^## (.+)\n((?:(?!## ).*\n)*)", text, re.MULTILINE):
        pages = re.findall(r"^- \[(.+?)\]\((.+?)\.md\)", body, re.MULTILINE)
        entries = "".join(f"{title} <{page}>\n" for title, page in pages)
        yield f"\n```{{toctree}}\n:hidden:\n:caption: {heading}\n\n{entries}```\n"


def add_navigation(app, page, source):
    if page == root_doc:
        source[0] = "---\nnosearch: true\n---\n" + source[0] + "".join(navigation(source[0]))
    elif page == "bench/README":
        source[0] += "\n```{toctree}\n:hidden:\n:glob:\n\nresults/*\n```\n"


def sections(page):
    """Every section of a page: its anchor, its heading, and its own text without that of those below it."""
    for section in page.findall(nodes.section):
        own = [child for child in section.children if not isinstance(child, (nodes.section, nodes.title))]
        yield [section["ids"][0], section.next_node(nodes.title).astext(), " ".join(" ".join(child.astext().split()) for child in own)]


def add_texts(app, page, template, context, doctree):
    if template == "search.html":
        app.add_js_file("texts.js")


def finish(app, error):
    if error is not None:
        return
    out = Path(app.outdir)
    texts = {page: list(sections(app.env.get_doctree(page))) for page in sorted(app.env.found_docs) if page != root_doc}
    (out / "_static/texts.js").write_text(f"const castaliaTexts = {json.dumps(texts, ensure_ascii=False)};\n")
    (out / "index.html").write_text(
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Castalia</title><meta http-equiv="refresh" content="0; url={root_doc}.html">'
        f'<a href="{root_doc}.html">Castalia</a></html>\n')
    mend(out / "_static/scripts/furo.js", out / "_static/styles/furo.css")


def mend(script, style):
    """What Debian's Furo 2022.12.07 lost: from disk its two imports lead nowhere, and of the colours for the dark it kept those that are asked for by hand."""
    text = script.read_text()
    if text.startswith("import Gumshoe "):
        script.write_text((script.parent / "gumshoe-patched.js").read_text() + text.partition("\n")[2])
    text = style.read_text()
    if text.startswith("@import url(/javascript/normalize.css/"):
        text = Path("/usr/share/javascript/normalize.css/normalize.css").read_text() + text.partition("\n")[2]
    if "prefers-color-scheme" not in text:
        dark = re.search(r'body\[data-theme="dark"\] (\{\s*--.+?\})', text, re.DOTALL)[1]
        text += f'@media (prefers-color-scheme: dark) {{ body:not([data-theme="light"]) {dark} }}\n'
    style.write_text(text)


def setup(app):
    app.connect("source-read", add_navigation)
    app.connect("html-page-context", add_texts)
    app.connect("build-finished", finish)
