import type { Block, Report } from './report.ts';

/** Text that Markdown shows as it is: nothing in it becomes markup, a link or HTML. */
export function markdownText(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_{}[\]<>#|~&!]/g, (c) => (c === '<' ? '&lt;' : c === '>' ? '&gt;' : c === '&' ? '&amp;' : `\\${c}`))
    .replace(/^([-+]|\d+[.)])(?= )/, '\\$1');
}

/** A report as Markdown (CommonMark, with GitHub's tables). */
export function printMarkdown(report: Report): string {
  return `${[`### ${markdownText(report.title)}`, ...report.blocks.map(blockText)].join('\n\n')}\n`;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'fields':
      return block.rows.map(([name, value]) => `* **${markdownText(name)}:** ${markdownText(value)}`).join('\n');
    case 'link':
      // Without the page's address a link would lead nowhere: the fragment stands as text.
      return block.address === ''
        ? `Link: \`${block.fragment}\``
        : `[Open in Walkscope](<${encodeURI(decodeURI(block.address)).replace(/[<>]/g, '')}${block.fragment}>)`;
    case 'text':
      return markdownText(block.text);
    case 'list':
      return block.items.map((item) => `* ${markdownText(item)}`).join('\n');
    case 'lines':
      return ['```', ...block.lines.map((l) => l.replaceAll('```', "'''")), '```'].join('\n');
    case 'table': {
      const row = (cells: readonly string[]): string => `| ${cells.map(markdownText).join(' | ')} |`;
      const rule = `|${block.head.map((_, i) => (i === 0 ? ' --- |' : ' ---: |')).join('')}`;
      return [row(block.head), rule, ...block.rows.map(row)].join('\n');
    }
    default:
      return block satisfies never;
  }
}
