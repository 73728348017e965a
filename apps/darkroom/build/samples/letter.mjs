const page = { width: 595, height: 842 }

const text = (font, size, x, y, line) =>
  `BT /${font} ${size} Tf ${x} ${y} Td (${line.replace(/[()\\]/g, '\\$&')}) Tj ET`

const paragraph = (x, y, lines) => lines.map((line, i) => text('Body', 11, x, y - i * 16, line))

function firstPage() {
  return [
    '0.93 0.3 0.18 rg 0 790 595 52 re f',
    '1 1 1 rg',
    text('Bold', 20, 60, 808, 'Harbour Gallery'),
    '0.15 0.17 0.22 rg',
    text('Title', 26, 60, 720, 'Light on the water'),
    text('Body', 11, 60, 696, 'An exhibition of forty photographs'),
    ...paragraph(60, 650, [
      'Dear friends of the gallery,',
      '',
      'from the first of May the upper hall shows what the north coast looks like before',
      'anybody is up. The pictures were taken over six years, most of them within half an',
      'hour of sunrise, and none of them was cropped.',
      '',
      'The opening begins at seven. There will be soup, bread and a short talk about why',
      'grey is a colour. Members bring one guest each; children are welcome everywhere',
      'except on the ladder.',
      '',
      'With kind regards,',
    ]),
    '0.1 0.3 0.6 RG 1.6 w 62 440 m 80 480 92 420 104 452 c 112 474 120 440 134 450 c 150 462 160 436 196 452 c S',
    text('Body', 11, 60, 410, 'The board'),
    '0.8 0.8 0.82 RG 0.7 w 60 90 m 535 90 l S',
    '0.5 0.5 0.55 rg',
    text('Body', 9, 60, 72, 'Harbour Gallery, 12 Quay Street. Open daily from ten to six.'),
  ]
}

function secondPage() {
  const visitors = [34, 41, 58, 72, 95, 88, 101, 120, 96, 70, 52, 64]
  const bars = visitors.flatMap((count, i) => [
    `${0.1 + i * 0.05} 0.45 ${0.7 - i * 0.03} rg`,
    `${80 + i * 37} 420 26 ${count * 2} re f`,
    '0.3 0.3 0.35 rg',
    text('Body', 9, 84 + i * 37, 405, 'JFMAMJJASOND'[i]),
  ])
  return [
    '0.15 0.17 0.22 rg',
    text('Title', 22, 60, 760, 'Visitors by month'),
    text('Body', 11, 60, 738, 'In hundreds, last year'),
    '0.85 0.85 0.87 RG 0.5 w',
    ...[0, 50, 100].map((value) => `70 ${420 + value * 2} m 530 ${420 + value * 2} l S`),
    '0.5 0.5 0.55 rg',
    ...[0, 50, 100].map((value) => text('Body', 9, 48, 417 + value * 2, String(value))),
    ...bars,
    '0.15 0.17 0.22 rg',
    ...paragraph(60, 350, [
      'August was the best month since the hall was rebuilt; rain helped.',
      'The quiet months are for schools, who come in groups of twenty.',
    ]),
  ]
}

/** A letter of two pages as a PDF of standard fonts. */
export function letter() {
  const font = (name) => `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`
  const streams = [firstPage(), secondPage()].map((lines) => lines.join('\n'))
  const pageObject = (content) =>
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${page.width} ${page.height}] /Contents ${content} 0 R ` +
    '/Resources << /Font << /Body 5 0 R /Bold 6 0 R /Title 7 0 R >> >> >>'
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>',
    pageObject(8),
    pageObject(9),
    font('Helvetica'),
    font('Helvetica-Bold'),
    font('Times-Bold'),
    ...streams.map((stream) => `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`),
  ]
  let file = '%PDF-1.4\n'
  const offsets = objects.map((object, i) => {
    const offset = file.length
    file += `${i + 1} 0 obj\n${object}\nendobj\n`
    return String(offset).padStart(10, '0')
  })
  const start = file.length
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((offset) => `${offset} 00000 n \n`).join('')}`
  return Buffer.from(
    `${file}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`,
  )
}
