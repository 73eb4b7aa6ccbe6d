import { plainText } from './describe.js';

/** A rectangle on the drawing, in pixels from its top left. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

type Point = readonly [x: number, y: number];

/** Widths of letters differ by font, which the reader's system chooses: these are on the safe side. */
const LETTER = { title: 8.4, name: 7.2, text: 6.4 } as const;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as XML. */
const escapeXml = (value: string): string =>
  plainText(value)
    // XML 1.0 has no place for control characters.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
    .replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

/** A text that fits into a width; all of it is shown where the pointer rests. */
export function label(
  value: string,
  [x, y]: Point,
  width: number,
  style: keyof typeof LETTER = 'text',
  anchor: 'start' | 'middle' | 'end' = 'start',
): string {
  const plain = plainText(value);
  const room = Math.max(3, Math.floor(width / LETTER[style]));
  const short = plain.length > room ? `${plain.slice(0, room - 1)}…` : plain;
  const title = short === plain ? '' : `<title>${escapeXml(plain)}</title>`;
  return `<text class="${style}" x="${x}" y="${y}" text-anchor="${anchor}">${title}${escapeXml(short)}</text>`;
}

/** A box with its name in bold and lines of text below. */
export function box(at: Rect, style: string, name: string, lines: readonly string[] = []): string {
  const middle = at.x + at.width / 2;
  const first = at.y + at.height / 2 + 4 - lines.length * 7.5;
  return [
    `<rect class="${style}" x="${at.x}" y="${at.y}" width="${at.width}" height="${at.height}" rx="6"/>`,
    label(name, [middle, first], at.width - 10, 'name', 'middle'),
    ...lines.map((line, i) => label(line, [middle, first + 15 * (i + 1)], at.width - 10, 'text', 'middle')),
  ].join('');
}

/** A line through points, with a head at its end: grey, or `head0` … in the colour of a lane. */
export function arrow(points: readonly Point[], style: string, head = 'head'): string {
  const path = points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join('');
  return `<path class="line ${style}" d="${path}" marker-end="url(#${head})"/>`;
}

/** A number in a circle, for a step. */
export const step = (value: number, [x, y]: Point): string =>
  `<circle class="step" cx="${x}" cy="${y}" r="8"/><text class="number" x="${x}" y="${y + 4}" text-anchor="middle">${value}</text>`;

/** Colours for light and dark; the drawing brings its own ground, so that it can be read on any page. */
const STYLE = `
.ground{fill:#fff}.region{fill:#f6f8fa;stroke:#8c959f}.part{fill:#fff;stroke:#57606a}.harbor{fill:#ddf4ff;stroke:#0969da}
.kraken{fill:#fbefff;stroke:#8250df}.absent{fill:none;stroke:#8c959f;stroke-dasharray:4 3}
text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:#1f2328}
.title{font-size:15px;font-weight:600}.name{font-size:12.5px;font-weight:600}.text{font-size:11.5px;fill:#57606a}
.number{font-size:11px;font-weight:600;fill:#fff}.step{fill:#0969da}
.line{fill:none;stroke:#57606a;stroke-width:1.4}.dashed{stroke-dasharray:5 3}.head{fill:#57606a}
.c0{stroke:#0969da}.c1{stroke:#bc4c00}.c2{stroke:#1a7f37}.c3{stroke:#8250df}.c4{stroke:#bf3989}.c5{stroke:#9a6700}
.lane{stroke-width:2}.dot{stroke:none}.f0{fill:#0969da}.f1{fill:#bc4c00}.f2{fill:#1a7f37}.f3{fill:#8250df}.f4{fill:#bf3989}.f5{fill:#9a6700}
@media (prefers-color-scheme:dark){
.ground{fill:#0d1117}.region{fill:#161b22;stroke:#6e7681}.part{fill:#0d1117;stroke:#8b949e}.harbor{fill:#0c2d6b;stroke:#58a6ff}
.kraken{fill:#2f1659;stroke:#bc8cff}.absent{stroke:#6e7681}text{fill:#e6edf3}.text{fill:#adbac7}.number{fill:#fff}.step{fill:#1f6feb}
.line{stroke:#8b949e}.head{fill:#8b949e}.c0{stroke:#58a6ff}.c1{stroke:#ffa657}.c2{stroke:#56d364}.c3{stroke:#bc8cff}.c4{stroke:#ff9bce}.c5{stroke:#e3b341}
.f0{fill:#58a6ff}.f1{fill:#ffa657}.f2{fill:#56d364}.f3{fill:#bc8cff}.f4{fill:#ff9bce}.f5{fill:#e3b341}}
`;

/** How many colours there are for the lanes of replication. */
export const COLOURS = 6;
const LANES = Array.from({ length: COLOURS }, (_, i) => i);

/** The head of an arrow; its size counts in widths of the line. */
const marker = (id: string, style: string, size: number): string =>
  `<marker id="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="${size}" markerHeight="${size}" orient="auto"><path class="${style}" d="M0 0L8 4L0 8Z"/></marker>`;

/** A whole drawing: nothing in it comes from elsewhere. */
export function drawing(
  width: number,
  height: number,
  title: string,
  description: string,
  body: readonly string[],
): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escapeXml(title)}</title><desc id="description">${escapeXml(description)}</desc>`,
    `<style>${STYLE}</style>`,
    `<defs>${marker('head', 'head', 7)}${LANES.map((i) => marker(`head${i}`, `f${i}`, 5)).join('')}</defs>`,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    ...body,
    '</svg>\n',
  ].join('\n');
}
