import { isAlias, isMap, isNode, isPair, isScalar, isSeq } from "yaml";
import type { Alias, Node } from "yaml";

/** What one walk over a document learns about its anchors. */
export type Survey = {
  readonly kind: "survey";
  readonly targets: ReadonlyMap<Alias, Node>;
  /** How many nodes the document has when every alias is expanded. */
  readonly size: number;
};

/** Why a document cannot be expanded: it would become too large or endless, or it is not valid. */
export type Fault = { readonly kind: "fault"; readonly offset: number; readonly reason: string };

const expansionLimit = 300_000;
/** How deep the expanded document may be, as aliases of aliases nest without showing it. */
const depthLimit = 400;

type Extent = { readonly size: number; readonly depth: number };

type Walk = {
  readonly targets: Map<Alias, Node>;
  readonly anchors: Map<string, Node>;
  /** Expanded sizes of what is complete; an anchor still open is not in it. */
  readonly extents: Map<Node, Extent>;
};

class Stop extends Error {
  readonly fault: Fault;
  constructor(node: Node, reason: string) {
    super(reason);
    this.fault = { kind: "fault", offset: node.range?.[0] ?? 0, reason };
  }
}

/**
 * Resolves every alias in one walk in the order of the text, as an anchor may be redefined, and counts what
 * expanding would cost. Finds duplicate keys too: the parser's own search is quadratic in the size of a map.
 * Sources: https://yaml.org/spec/1.2.2/#71-alias-nodes, https://yaml.org/spec/1.2.2/#3213-node-comparison
 */
export function survey(root: Node): Survey | Fault {
  const walk: Walk = { targets: new Map(), anchors: new Map(), extents: new Map() };
  try {
    return { kind: "survey", targets: walk.targets, size: measure(walk, root).size };
  } catch (error) {
    if (error instanceof Stop) return error.fault;
    throw error;
  }
}

function measure(walk: Walk, node: unknown): Extent {
  if (isAlias(node)) return measureAlias(walk, node);
  if (isPair(node)) {
    const [key, value] = [measure(walk, node.key), measure(walk, node.value)];
    return { size: key.size + value.size, depth: Math.max(key.depth, value.depth) };
  }
  if (isScalar(node)) {
    if (node.anchor !== undefined) walk.anchors.set(node.anchor, node);
    walk.extents.set(node, { size: 1, depth: 1 });
    return { size: 1, depth: 1 };
  }
  if (!isMap(node) && !isSeq(node)) return { size: 1, depth: 1 };
  if (node.anchor !== undefined) walk.anchors.set(node.anchor, node);
  if (isMap(node)) refuseDoubleKeys(node.items);
  let [size, depth] = [1, 1];
  for (const item of node.items) {
    const inner = measure(walk, item);
    size += inner.size;
    depth = Math.max(depth, inner.depth + 1);
    if (size > expansionLimit || depth > depthLimit) throw new Stop(nodeOf(item) ?? node, "expansion");
  }
  walk.extents.set(node, { size, depth });
  return { size, depth };
}

/** Where an item of a map or a list begins. */
function nodeOf(item: unknown): Node | undefined {
  const first = isPair(item) ? item.key : item;
  return isNode(first) ? first : undefined;
}

function measureAlias(walk: Walk, alias: Alias): Extent {
  const target = walk.anchors.get(alias.source);
  if (target === undefined) throw new Stop(alias, `unresolved alias ${alias.source}`);
  const extent = walk.extents.get(target);
  if (extent === undefined) throw new Stop(alias, "expansion");
  walk.targets.set(alias, target);
  return extent;
}

function refuseDoubleKeys(pairs: readonly { readonly key: unknown }[]): void {
  const seen = new Set<unknown>();
  for (const { key } of pairs) {
    if (!isScalar(key) || key.value === "<<" || typeof key.value === "symbol") continue;
    if (seen.has(key.value)) throw new Stop(key, `duplicate key ${String(key.value)}`);
    seen.add(key.value);
  }
}
