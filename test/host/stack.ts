import { readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";

function isSourceMap(value: unknown): value is SourceMapPayload {
  return typeof value === "object" && value !== null && "mappings" in value && "sources" in value;
}

type Origin = { readonly fileName: string; readonly lineNumber: number; readonly columnNumber: number };

/** `findOrigin` answers `{}` for what is not in the map. */
function isOrigin(value: object | undefined): value is Origin {
  return value !== undefined && "fileName" in value && typeof value.fileName === "string";
}

function readSourceMap(bundle: string): SourceMap | undefined {
  try {
    const payload: unknown = JSON.parse(readFileSync(`${bundle}.map`, "utf8"));
    return isSourceMap(payload) ? new SourceMap(payload) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Makes a stack trace of the bundle readable: positions become those of the source files, and mocha's own
 * frames at the end are left out. (Node's own source map support does not work under VS Code, which has a
 * stack formatter of its own.)
 */
export function readableStack(stack: string, bundle: string): string {
  const map = readSourceMap(bundle);
  const lines = stack.split("\n").map((line) =>
    line.replace(/(?<file>[^\s()]+):(?<row>\d+):(?<column>\d+)/, (place, file: string, row, column) => {
      const origin = file === bundle ? map?.findOrigin(Number(row), Number(column)) : undefined;
      return isOrigin(origin)
        ? `${origin.fileName.replace(/^(\.\.\/)+/, "")}:${origin.lineNumber}:${origin.columnNumber}`
        : place;
    }),
  );
  const end = lines.findIndex((line) => line.includes("node_modules/mocha/"));
  return (end === -1 ? lines : lines.slice(0, end)).join("\n").trimEnd();
}
