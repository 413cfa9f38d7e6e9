/** The program's name and version (package.json), as reports name the tool that found something. */
export const TOOL = { name: 'Walkscope', version: '0.1.0' } as const;
