package paper

import (
	"bytes"
	"encoding/xml"
	"fmt"
)

// metadata is the XMP packet: title, issuer, year, what the paper was made of, and which part of PDF/A it is.
func metadata(d Document) []byte {
	esc := func(s string) string {
		var b bytes.Buffer
		_ = xml.EscapeText(&b, []byte(printable(s))) // a buffer takes all
		return b.String()
	}
	part, title, creator, year, tool := 2, d.Layout.Name, "", "", "nianbao"
	if d.Attach != nil {
		part = 3
	}
	if r := d.Report; r != nil {
		if r.Meta.Title != "" {
			title = r.Meta.Title
		}
		if r.Meta.Issuer != "" {
			creator = fmt.Sprintf("<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>\n", esc(r.Meta.Issuer))
		}
		if r.Meta.Year != nil {
			year = fmt.Sprintf("<dc:coverage>%d</dc:coverage>\n", *r.Meta.Year)
		}
		tool += " " + r.Producer.Version
	}
	return fmt.Appendf(nil, `<?xpacket begin="%s" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title>
%s%s<dc:identifier>sha256:%s</dc:identifier>
<dc:source>%s</dc:source>
<xmp:CreatorTool>%s</xmp:CreatorTool>
<pdfaid:part>%d</pdfaid:part>
<pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`, "\uFEFF", esc(title), creator, year, d.Layout.SHA256, esc(d.Layout.Name), esc(tool), part)
}
