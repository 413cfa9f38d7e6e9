import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { toJsonSchema } from '@valibot/to-json-schema';
import { ScenarioSchema } from '../src/scenario/schema.ts';

/*
 * Writes the published JSON Schemas. Shapes and bounds come from the valibot schemas, descriptions from the doc comments
 * of the types they mirror, so neither is said twice.
 */

type Json = { [key: string]: Json } | Json[] | string | number | boolean | null;
type Docs = ReadonlyMap<string, string>;

export const SCENARIO_SCHEMA = 'public/schema/scenario.schema.json';

/** Which interface of types.ts describes the object at a place of the schema. */
const INTERFACES: Readonly<Record<string, string>> = {
  '': 'Scenario',
  vmas: 'ScenarioVma',
  entries: 'ScenarioEntry',
  'entries.folio': 'ScenarioFolio',
  request: 'ScenarioRequest',
  conditions: 'ScenarioConditions',
  'conditions.rivals': 'ScenarioRival',
};

/** Doc comments of the properties in a TypeScript file, by `Interface.property`. */
export function propertyDocs(source: string): Docs {
  const docs = new Map<string, string>();
  let type = '';
  let doc = '';
  const statement = /export interface (\w+)|\/\*\*([\s\S]*?)\*\/|^ {2}readonly (\w+)\??:/gm;
  for (const [, name, comment, property] of source.matchAll(statement)) {
    if (comment !== undefined) doc = comment.replace(/\s*\n\s*\*?\s*/g, ' ').trim();
    else if (name !== undefined) [type, doc] = [name, ''];
    else if (property !== undefined) {
      if (doc !== '') docs.set(`${type}.${property}`, doc);
      doc = '';
    }
  }
  return docs;
}

function describe(schema: Json, place: string, docs: Docs): void {
  if (schema === null || typeof schema !== 'object' || Array.isArray(schema)) return;
  const { properties, items } = schema;
  if (items !== undefined) describe(items, place, docs);
  if (properties === undefined || properties === null || typeof properties !== 'object' || Array.isArray(properties)) return;
  for (const [key, value] of Object.entries(properties)) {
    const doc = docs.get(`${INTERFACES[place] ?? '?'}.${key}`);
    if (doc !== undefined && value !== null && typeof value === 'object' && !Array.isArray(value)) value['description'] = doc;
    describe(value, place === '' ? key : `${place}.${key}`, docs);
  }
}

/** The text of the published schema of scenario files. */
export function scenarioSchemaText(types: string): string {
  const schema = JSON.parse(JSON.stringify(toJsonSchema(ScenarioSchema))) as { [key: string]: Json };
  describe(schema, '', propertyDocs(types));
  const { $schema, ...rest } = schema;
  const about = 'An initial memory, the request made on it, and the conditions around it. Pages are relative to base.';
  return `${JSON.stringify({ $schema, title: 'Walkscope scenario', description: about, ...rest }, undefined, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync('public/schema', { recursive: true });
  writeFileSync(SCENARIO_SCHEMA, scenarioSchemaText(readFileSync('src/scenario/types.ts', 'utf8')));
  console.log(`wrote ${SCENARIO_SCHEMA}`);
}
