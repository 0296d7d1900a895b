import type { ApiAnswer, ApiCall, Org } from './api-call.ts';
import { ApiError, rowError } from './api-error.ts';
import type { ObjectDefinition } from './object-definition.ts';
import { type ParsedValues, parseValues } from './parsed-values.ts';
import { insertRecord, objectInPath, type Saver, saverOf } from './saving.ts';
import { childRelationships, findObject } from './schema.ts';

const MOST_RECORDS = 200;
const MOST_LEVELS = 5;
const MOST_TYPES = 5;

interface TreeNode {
  readonly object: ObjectDefinition;
  readonly referenceId: string;
  readonly values: ParsedValues;
  /** Each with the field by which it points at this record. */
  readonly children: readonly { readonly field: string; readonly node: TreeNode }[];
}

interface NodeFailure {
  readonly referenceId: string;
  readonly errors: readonly object[];
}

/** Thrown to take everything back. */
class TreeRefused extends Error {
  readonly failures: readonly NodeFailure[];
  constructor(failures: readonly NodeFailure[]) {
    super('a record of the tree was refused');
    this.failures = failures;
  }
}

/** `POST /composite/tree/X`: parents with their children, all of them or none. */
export function treeResource(call: ApiCall, org: Org): ApiAnswer {
  const object = objectInPath(call.segments[2], org);
  const { records } = (typeof call.body === 'object' && call.body !== null ? call.body : {}) as { records?: unknown };
  if (!Array.isArray(records)) throw new ApiError(400, 'JSON_PARSER_ERROR', 'The request body must hold an array named records');
  const nodes = records.map((sent: unknown) => readNode(sent, org, 1));
  checkTree(nodes, object);
  try {
    const results = org.store.transact(() => insertNodes(nodes, org, saverOf(call)));
    return { status: 201, body: { hasErrors: false, results } };
  } catch (error) {
    if (!(error instanceof TreeRefused)) throw error;
    return { status: 400, body: { hasErrors: true, results: error.failures } };
  }
}

function readNode(sent: unknown, org: Org, level: number): TreeNode {
  const invalid = (reason: string) => new ApiError(400, 'INVALID_INPUT', reason);
  if (level > MOST_LEVELS) throw invalid(`The tree is deeper than ${MOST_LEVELS} levels.`);
  if (typeof sent !== 'object' || sent === null) throw invalid('A record was expected.');
  const { attributes, ...rest } = sent as Record<string, unknown>;
  const { type, referenceId } = (typeof attributes === 'object' && attributes !== null ? attributes : {}) as Record<
    string,
    unknown
  >;
  const object = findObject(String(type ?? ''), org.schema);
  if (object === undefined) throw new ApiError(400, 'INVALID_TYPE', `sObject type '${String(type)}' is not supported.`);
  if (typeof referenceId !== 'string' || referenceId === '')
    throw invalid('Include a reference ID for each record in the request.');
  const relationships = childRelationships(object, org.schema);
  const fields: Record<string, unknown> = {};
  const children: { field: string; node: TreeNode }[] = [];
  for (const [name, value] of Object.entries(rest)) {
    const relationship = relationships.find((each) => each.name.toLowerCase() === name.toLowerCase());
    const nested = typeof value === 'object' && value !== null && 'records' in value ? value.records : null;
    if (relationship === undefined || !Array.isArray(nested)) fields[name] = value;
    else for (const each of nested) children.push({ field: relationship.field.name, node: readNode(each, org, level + 1) });
  }
  return { object, referenceId, values: parseValues(object, fields, org.schema), children };
}

function checkTree(nodes: readonly TreeNode[], object: ObjectDefinition): void {
  const all = nodes.flatMap(flatten);
  const invalid = (reason: string) => new ApiError(400, 'INVALID_INPUT', reason);
  if (all.length === 0) throw invalid('Include at least one record.');
  if (all.length > MOST_RECORDS) throw invalid(`The request cannot contain more than ${MOST_RECORDS} records.`);
  if (new Set(all.map((node) => node.object)).size > MOST_TYPES)
    throw invalid(`The request cannot contain more than ${MOST_TYPES} types.`);
  if (nodes.some((node) => node.object !== object)) throw invalid('All root records must be of the type named in the URL.');
  const ids = all.map(({ referenceId }) => referenceId);
  const twin = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twin !== undefined) throw invalid(`Duplicate ReferenceId provided in the request : ${twin}.`);
}

function flatten(node: TreeNode): readonly TreeNode[] {
  return [node, ...node.children.flatMap(({ node: child }) => flatten(child))];
}

/** Roots first, then their children, as the service tells them. */
function insertNodes(nodes: readonly TreeNode[], org: Org, by: Saver): readonly object[] {
  const results: object[] = [];
  const failures: NodeFailure[] = [];
  let level = nodes.map((node): { node: TreeNode; parent: [field: string, id: string] | null } => ({ node, parent: null }));
  while (level.length > 0 && failures.length === 0) {
    const next: typeof level = [];
    for (const { node, parent } of level) {
      try {
        const id = insertNode(node, parent, org, by);
        results.push({ referenceId: node.referenceId, id });
        for (const { field, node: child } of node.children) next.push({ node: child, parent: [field, id] });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        failures.push({ referenceId: node.referenceId, errors: [rowError(error)] });
      }
    }
    level = next;
  }
  if (failures.length > 0) throw new TreeRefused(failures);
  return results;
}

function insertNode(node: TreeNode, parent: readonly [field: string, id: string] | null, org: Org, by: Saver): string {
  const field = parent === null ? undefined : node.object.fields.get(parent[0]);
  const values: ParsedValues =
    field === undefined || parent === null ? node.values : new Map([...node.values, [field, parent[1]]]);
  return String(insertRecord(org, node.object, values, by).Id);
}
