"""Parser of OpenDocument presentations (.odp), through lxml; each slide is a page."""

from __future__ import annotations

from lxml.etree import _Element as Element

from index.parsing.builder import DocumentBuilder
from index.parsing.draft import Draft, Source
from index.parsing.formats.opendocument.lists import ListStyles
from index.parsing.formats.opendocument.package import Package, attribute, names
from index.parsing.formats.opendocument.slide_colours import SlideColours
from index.parsing.formats.opendocument.text import TextWriter
from index.parsing.options import HiddenContent

(_PAGE, _NOTES, _FRAME, _PROPERTIES) = names(
    "draw:page", "presentation:notes", "draw:frame", "style:drawing-page-properties"
)
_FURNITURE = frozenset({"page-number", "date-time", "footer", "header", "page"})


def parse(source: Source) -> Draft:
    package = Package(source, "an OpenDocument presentation")
    body, roots = package.body("office:presentation")
    builder = DocumentBuilder(source.limits)
    writer = TextWriter(package, ListStyles(*roots), builder, source)
    colours = SlideColours(package, roots)
    slides = builder.first(list(body.iterchildren(_PAGE)), "slides")
    with builder.within_limit("slide"):
        for number, slide in enumerate(slides, start=1):
            writer.inlines.colour_of_slide = colours.behind(slide)
            if _is_hidden(slide, package):
                with writer.hidden.part(HiddenContent.HIDDEN, "hidden slide", str(number)) as read:
                    if read:
                        _write_slide(slide, number, writer, builder)
            else:
                _write_slide(slide, number, writer, builder)
            builder.page_break()
    writer.finish()
    title, metadata = package.properties()
    return builder.draft(title=title, metadata=metadata)


def _write_slide(slide: Element, number: int, writer: TextWriter, builder: DocumentBuilder) -> None:
    titles = [each for each in slide.iterchildren(_FRAME) if _class(each) == "title"]
    for title in titles:
        builder.heading(writer.line(title), 1 if number == 1 else 2)
    for shape in slide:
        if shape.tag == _NOTES:
            continue
        if shape not in titles and _class(shape) not in _FURNITURE and not _is_placeholder(shape):
            writer.write([shape])
    for notes in slide.iterchildren(_NOTES):
        texts = [each for each in notes.iterchildren(_FRAME) if _class(each) == "notes"]
        if any(not _is_placeholder(each) and writer.line(each) for each in texts):
            place = f"slide {number}"
            with writer.hidden.part(HiddenContent.NOTES, "page of speaker notes", place) as read:
                writer.write(texts if read else ())


def _is_hidden(slide: Element, package: Package) -> bool:
    styles = package.chain("drawing-page", attribute(slide, "draw:style-name"))
    return any(
        attribute(properties, "presentation:visibility") == "hidden"
        for style in styles
        for properties in style.iterchildren(_PROPERTIES)
    )


def _class(shape: Element) -> str:
    return attribute(shape, "presentation:class")


def _is_placeholder(shape: Element) -> bool:
    return attribute(shape, "presentation:placeholder") == "true"
