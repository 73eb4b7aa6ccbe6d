import type { Section } from './report.js';

/** Tables of a report as one Markdown text. */
export const markdown = (sections: readonly Section[]): string => sections.map(section).join('\n');

function section({ title, columns, rows }: Section): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |\n`;
  const rule = columns.map(() => '---');
  return `## ${title}\n\n${[columns, rule, ...rows].map(line).join('')}`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', '<br>');
