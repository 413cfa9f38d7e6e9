/*
 * An SVG of the page, whose looks come from style sheets, as SVG text that stands alone: what the styles come to is written
 * into each element as attributes, and each text keeps the width it has here whatever font another computer has.
 */

/** Properties that children take over from their parent, so that only changes need be written. */
const INHERITED = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'font-family',
  'font-size',
  'font-weight',
  'font-style',
  'letter-spacing',
  'text-anchor',
  'paint-order',
] as const;

/** What these are where nothing is said: the defaults of SVG. */
const INITIAL: Readonly<Record<(typeof INHERITED)[number], string>> = {
  fill: 'rgb(0, 0, 0)',
  'fill-opacity': '1',
  stroke: 'none',
  'stroke-width': '1px',
  'stroke-opacity': '1',
  'stroke-dasharray': 'none',
  'stroke-linecap': 'butt',
  'stroke-linejoin': 'miter',
  'font-family': '',
  'font-size': '16px',
  'font-weight': '400',
  'font-style': 'normal',
  'letter-spacing': 'normal',
  'text-anchor': 'start',
  'paint-order': 'normal',
};

const OWN = ['opacity', 'dominant-baseline', 'stop-color'] as const;
const OWN_INITIAL: Readonly<Record<string, string>> = {
  opacity: '1',
  'dominant-baseline': 'auto',
  'stop-color': 'rgb(0, 0, 0)',
};

/** Attributes that say the same as the styles, or nothing outside of the page. */
const DROPPED = /^(class|style|tabindex|role|aria-.*|data-.*)$/;

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const tenths = (n: number): number => Math.round(n * 10) / 10;

type Looks = Readonly<Record<string, string>>;

/** The element and what is in it as SVG text; '' when it is not to be seen. It has to be laid out in the page. */
export function flatten(el: SVGElement, above: Looks = INITIAL): string {
  const style = getComputedStyle(el);
  if (style.display === 'none' || style.visibility === 'hidden' || style.opacity === '0') return '';
  const looks: Record<string, string> = {};
  const attributes = new Map<string, string>();
  for (const { name, value } of el.attributes)
    if (!DROPPED.test(name) && !(name in INITIAL) && !(name in OWN_INITIAL)) attributes.set(name, value);
  for (const name of INHERITED) {
    const value = style
      .getPropertyValue(name)
      .replaceAll('"', "'")
      .replace(/url\('?[^#]*(#[\w-]+)'?\)/, 'url($1)');
    looks[name] = value;
    if (value !== above[name]) attributes.set(name, value);
  }
  for (const name of OWN) {
    const value = style.getPropertyValue(name);
    if (value !== '' && value !== OWN_INITIAL[name]) attributes.set(name, value);
  }
  if (el instanceof SVGTextElement && el.childElementCount === 0 && (el.textContent?.length ?? 0) > 2) {
    attributes.set('textLength', String(tenths(el.getComputedTextLength())));
    attributes.set('lengthAdjust', 'spacingAndGlyphs');
  }
  let inner = '';
  for (const child of el.childNodes) {
    if (child instanceof SVGElement) inner += flatten(child, looks);
    else if (child.nodeType === Node.TEXT_NODE) inner += escape(child.textContent ?? '');
  }
  if (inner === '' && /^(g|text|defs)$/.test(el.tagName)) return '';
  const text = [...attributes].map(([name, value]) => ` ${name}="${escape(value)}"`).join('');
  return inner === '' ? `<${el.tagName}${text}/>` : `<${el.tagName}${text}>${inner}</${el.tagName}>`;
}
