import { readFileSync, readdirSync } from "node:fs";

/** What a guard is told: the command to run and the folders to remove once it is over. */
export type GuardOrder = {
  readonly command: string;
  readonly args: readonly string[];
  readonly remove: readonly string[];
};

/** A living process. The key (id and start time) tells it from a later process with the same id. */
export type TreeMember = { readonly pid: number; readonly key: string };

type ProcessRow = TreeMember & { readonly parent: number; readonly group: number };

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** Checks the JSON a guard receives. */
export function isGuardOrder(value: unknown): value is GuardOrder {
  return (
    typeof value === "object" &&
    value !== null &&
    "command" in value &&
    typeof value.command === "string" &&
    "args" in value &&
    isTexts(value.args) &&
    "remove" in value &&
    isTexts(value.remove)
  );
}

/** Reads one line of the process table; undefined for what has ended, zombies included. See proc(5). */
function readProcess(pid: number): ProcessRow | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
  // The second field is the name in parentheses and may itself hold blanks and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, parent, group] = fields;
  if (state === undefined || "ZX".includes(state)) {
    return undefined;
  }
  return { pid, key: `${pid}:${fields[19] ?? ""}`, parent: Number(parent), group: Number(group) };
}

function processTable(): ProcessRow[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);
}

/**
 * The living processes that belong to `root`: its process group, all descendants (a terminal's shell has a
 * group of its own), and those of `known` that have lost their parent since.
 */
export function livingTree(
  root: number,
  known: ReadonlyMap<string, TreeMember> = new Map(),
): readonly TreeMember[] {
  const table = processTable();
  const members = new Map<number, TreeMember>();
  for (const row of table) {
    if (row.pid === root || row.group === root || known.has(row.key)) {
      members.set(row.pid, row);
    }
  }
  for (let size = -1; size !== members.size;) {
    size = members.size;
    for (const row of table) {
      if (members.has(row.parent)) {
        members.set(row.pid, row);
      }
    }
  }
  return [...members.values()];
}
