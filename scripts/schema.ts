import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { toJsonSchema } from '@valibot/to-json-schema';
import { CaptureSchema } from '../src/scenario/capture/schema.ts';
import { RecordingSchema } from '../src/recording/export/recording-schema.ts';
import { ScenarioSchema } from '../src/scenario/schema.ts';
import { TourSchema } from '../src/tour/schema.ts';

/*
 * Writes the published JSON Schemas. Shapes and bounds come from the valibot schemas, descriptions from the doc comments
 * of the types they mirror, so neither is said twice.
 */

type Json = { [key: string]: Json } | Json[] | string | number | boolean | null;
type Docs = ReadonlyMap<string, string>;

export const SCENARIO_SCHEMA = 'public/schema/scenario.schema.json';
export const CAPTURE_SCHEMA = 'public/schema/capture.schema.json';
export const RECORDING_SCHEMA = 'public/schema/recording.schema.json';

export const TOUR_SCHEMA = 'public/schema/tour.schema.json';

type Interfaces = Readonly<Record<string, string>>;

/** Which interface of scenario/types.ts describes the object at a place of the schema. */
const SCENARIO_INTERFACES: Interfaces = {
  '': 'Scenario',
  vmas: 'ScenarioVma',
  entries: 'ScenarioEntry',
  'entries.folio': 'ScenarioFolio',
  request: 'ScenarioRequest',
  conditions: 'ScenarioConditions',
  'conditions.rivals': 'ScenarioRival',
};

/** The same for scenario/capture/types.ts. */
const CAPTURE_INTERFACES: Interfaces = {
  '': 'Capture',
  range: 'CaptureRange',
  states: 'CaptureState',
  vmas: 'CaptureVma',
};

/** The same for tour/types.ts. */
const TOUR_INTERFACES: Interfaces = {
  '': 'Tour',
  stops: 'TourStop',
  'stops.run': 'TourRun',
  'stops.panes': 'TourPanes',
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

function describe(schema: Json, place: string, docs: Docs, interfaces: Interfaces): void {
  if (schema === null || typeof schema !== 'object' || Array.isArray(schema)) return;
  const { properties, items } = schema;
  if (items !== undefined) describe(items, place, docs, interfaces);
  if (properties === undefined || properties === null || typeof properties !== 'object' || Array.isArray(properties))
    return;
  for (const [key, value] of Object.entries(properties)) {
    const doc = docs.get(`${interfaces[place] ?? '?'}.${key}`);
    if (doc !== undefined && value !== null && typeof value === 'object' && !Array.isArray(value))
      value['description'] = doc;
    describe(value, place === '' ? key : `${place}.${key}`, docs, interfaces);
  }
}

/** The text of the published schema of scenario files. */
export function scenarioSchemaText(types: string): string {
  const about = 'An initial memory, the request made on it, and the conditions around it. Pages are relative to base.';
  return schemaText(ScenarioSchema, 'Walkscope scenario', about, propertyDocs(types), SCENARIO_INTERFACES);
}

/** The text of the published schema of capture files. */
export function captureSchemaText(types: string): string {
  const about = 'How the memory of a real process is mapped, as capture.py writes it; never what it holds.';
  return schemaText(CaptureSchema, 'Walkscope capture', about, propertyDocs(types), CAPTURE_INTERFACES);
}

/** The text of the published schema of tour files. */
export function tourSchemaText(types: string): string {
  const about =
    'An ordered list of stops: the run, the place in its recording, a note, a question. Texts are Markdown.';
  return schemaText(TourSchema, 'Walkscope tour', about, propertyDocs(types), TOUR_INTERFACES);
}

/** The text of the published schema of recording files. */
export function recordingSchemaText(types: string): string {
  const about =
    'A run: what determines it, and every step as [site, op, actor, depth, a, b, c, writes]; a write is [bank, cell, before, after]. The field step is an index from 0, -1 before the first.';
  const interfaces = Object.fromEntries(
    Object.entries(SCENARIO_INTERFACES).map(([at, type]) => [
      at === '' ? 'spec.scenario' : `spec.scenario.${at}`,
      type,
    ]),
  );
  return schemaText(RecordingSchema, 'Walkscope recording', about, propertyDocs(types), {
    ...interfaces,
    spec: 'RunSpec',
  });
}

function schemaText(
  source: Parameters<typeof toJsonSchema>[0],
  title: string,
  description: string,
  docs: Docs,
  interfaces: Interfaces,
): string {
  const schema = JSON.parse(JSON.stringify(toJsonSchema(source))) as { [key: string]: Json };
  describe(schema, '', docs, interfaces);
  const { $schema, ...rest } = schema;
  return `${JSON.stringify({ $schema, title, description, ...rest }, undefined, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync('public/schema', { recursive: true });
  writeFileSync(SCENARIO_SCHEMA, scenarioSchemaText(readFileSync('src/scenario/types.ts', 'utf8')));
  writeFileSync(CAPTURE_SCHEMA, captureSchemaText(readFileSync('src/scenario/capture/types.ts', 'utf8')));
  writeFileSync(TOUR_SCHEMA, tourSchemaText(readFileSync('src/tour/types.ts', 'utf8')));
  writeFileSync(RECORDING_SCHEMA, recordingSchemaText(readFileSync('src/scenario/types.ts', 'utf8')));
  console.log(`wrote ${SCENARIO_SCHEMA}, ${CAPTURE_SCHEMA}, ${TOUR_SCHEMA} and ${RECORDING_SCHEMA}`);
}
