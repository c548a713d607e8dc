"""Parts of a small workbook and a small presentation that hold all that their parsers know."""

from __future__ import annotations

from typing import Final

_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEETS: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SLIDES: Final = "http://schemas.openxmlformats.org/presentationml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"


def _relations(**targets: str) -> str:
    """Return the relations of a part: each is named as its kind is."""
    return (
        f'<Relationships xmlns="{_RELATIONS}">'
        + "".join(
            f'<Relationship Id="{kind}" Type="{_RELATION}/{kind}" Target="{target}"/>'
            for kind, target in targets.items()
        )
        + "</Relationships>"
    )


_CHART = f"""<c:chartSpace xmlns:c="{_DRAWING}/chart"><c:chart><c:plotArea><c:bar3DChart><c:ser>
<c:tx><c:v>Tons</c:v></c:tx><c:cat><c:numRef><c:f>'Aims'!A1</c:f><c:numCache>
<c:formatCode>d mmm</c:formatCode><c:pt idx="0"><c:v>47849</c:v></c:pt></c:numCache></c:numRef>
</c:cat><c:val><c:numLit><c:pt idx="0"><c:v>1234567</c:v></c:pt></c:numLit></c:val></c:ser>
</c:bar3DChart></c:plotArea></c:chart></c:chartSpace>"""
_SHEET = f"""<worksheet xmlns="{SHEETS}" xmlns:r="{_RELATION}"><sheetViews><sheetView>
<pane ySplit="1" state="frozen"/></sheetView></sheetViews>
<cols><col min="3" max="4" hidden="1"/></cols><sheetData>
<row r="1"><c r="A1" t="s" s="1"><v>0</v></c><c r="B1" t="inlineStr"><is><t>Cost</t></is></c></row>
<row r="2"><c r="A2"><v>1</v></c><c r="B2" s="1"><f>A2*2</f><v>2.5</v></c><c r="C2"><v>3</v></c>
</row>
<row r="3" hidden="1"><c r="A3" t="b"><v>1</v></c></row><row r="5"><c t="e"><v>#N/A</v></c></row>
</sheetData><autoFilter ref="A1:B2"/><mergeCells><mergeCell ref="A2:A3"/></mergeCells>
<headerFooter><oddHeader>&amp;L&amp;"Arial"Aims&amp;R&amp;P</oddHeader></headerFooter>
<drawing r:id="drawing"/></worksheet>"""
SHEET_PARTS = {
    "xl/_rels/workbook.xml.rels": _relations(
        worksheet="worksheets/sheet1.xml", styles="styles.xml", sharedStrings="sharedStrings.xml"
    ),
    "xl/styles.xml": f"""<styleSheet xmlns="{SHEETS}"><numFmts><numFmt numFmtId="170"
formatCode="[&lt;1]0.0%;[Red]#,##0.00&quot; m&quot;;d mmm yyyy"/></numFmts><fonts><font/><font>
<b/></font></fonts>
<fills><fill/></fills><cellXfs><xf/><xf numFmtId="170" fontId="1" fillId="0"/></cellXfs>
</styleSheet>""",
    "xl/sharedStrings.xml": f"""<sst xmlns="{SHEETS}"><si><r><rPr><vertAlign val="superscript"/>
</rPr>
<t>Aim_x000D_</t></r></si></sst>""",
    "xl/worksheets/sheet1.xml": _SHEET,
    "xl/worksheets/_rels/sheet1.xml.rels": _relations(
        drawing="../drawings/d.xml", table="../t.xml", comments="../c.xml"
    ),
    "xl/t.xml": f'<table xmlns="{SHEETS}" ref="A1:B2" headerRowCount="1"/>',
    "xl/c.xml": f'<comments xmlns="{SHEETS}"><commentList><comment><text><t>Why?</t></text>'
    "</comment></commentList></comments>",
    "xl/drawings/d.xml": f"""<d:wsDr xmlns:d="{_DRAWING}/spreadsheetDrawing"
xmlns:a="{_DRAWING}/main"
xmlns:r="{_RELATION}"><d:oneCellAnchor><d:graphicFrame><a:graphic><a:graphicData>
<c:chart xmlns:c="{_DRAWING}/chart" r:id="chart"/></a:graphicData></a:graphic></d:graphicFrame>
</d:oneCellAnchor></d:wsDr>""",
    "xl/drawings/_rels/d.xml.rels": _relations(chart="../chart.xml"),
    "xl/chart.xml": _CHART,
}
_SLIDE = f"""<p:sld xmlns:p="{SLIDES}" xmlns:a="{_DRAWING}/main" xmlns:r="{_RELATION}"><p:cSld>
<p:spTree><p:sp><p:nvSpPr><p:cNvPr id="2" name="t"/><p:nvPr><p:ph type="title"/></p:nvPr>
</p:nvSpPr>
<p:txBody><a:p><a:r><a:t>Aims</a:t></a:r></a:p></p:txBody></p:sp><p:grpSp><p:sp><p:spPr><a:xfrm>
<a:off x="1" y="1"/><a:ext cx="2" cy="2"/></a:xfrm></p:spPr><p:txBody><a:p><a:pPr lvl="1">
<a:buAutoNum type="romanUcPeriod" startAt="4"/></a:pPr><a:r><a:rPr baseline="30000"/>
<a:t>6</a:t></a:r>
</a:p></p:txBody></p:sp></p:grpSp><p:graphicFrame><a:graphic><a:graphicData><a:tbl>
<a:tblPr firstRow="1"/><a:tr><a:tc gridSpan="2"><a:txBody><a:p><a:r><a:t>x</a:t></a:r></a:p>
</a:txBody>
</a:tc><a:tc hMerge="1"/></a:tr><a:tr><a:tc rowSpan="2"/><a:tc/></a:tr></a:tbl></a:graphicData>
</a:graphic></p:graphicFrame><p:graphicFrame><a:graphic><a:graphicData>
<c:chart xmlns:c="{_DRAWING}/chart" r:id="chart"/></a:graphicData></a:graphic></p:graphicFrame>
<p:graphicFrame><a:graphic><a:graphicData>
<d:relIds xmlns:d="{_DRAWING}/diagram" r:dm="diagramData"/>
</a:graphicData></a:graphic></p:graphicFrame></p:spTree></p:cSld></p:sld>"""
SLIDE_PARTS = {
    "ppt/_rels/presentation.xml.rels": _relations(slide="slides/slide1.xml"),
    "ppt/slides/slide1.xml": _SLIDE,
    "ppt/slides/_rels/slide1.xml.rels": _relations(
        chart="../chart.xml", diagramData="../data.xml", notesSlide="../notes.xml"
    ),
    "ppt/chart.xml": _CHART,
    "ppt/data.xml": f"""<d:dataModel xmlns:d="{_DRAWING}/diagram" xmlns:a="{_DRAWING}/main">
<d:ptLst>
<d:pt modelId="1" type="doc"/><d:pt modelId="2"><d:t><a:p><a:r><a:t>n</a:t></a:r></a:p></d:t>
</d:pt>
</d:ptLst><d:cxnLst><d:cxn srcId="1" destId="2" srcOrd="0"/></d:cxnLst></d:dataModel>""",
    "ppt/notes.xml": f"""<p:notes xmlns:p="{SLIDES}" xmlns:a="{_DRAWING}/main"><p:cSld>
<p:spTree><p:sp>
<p:nvSpPr><p:nvPr><p:ph type="body"/></p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>Say</a:t>
</a:r></a:p>
</p:txBody></p:sp></p:spTree></p:cSld></p:notes>""",
}
