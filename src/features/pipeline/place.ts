import path from "node:path";

/**
 * Whether a path is a CircleCI config: YAML in a `.circleci` folder, or below one, as setup pipelines have it.
 * `.circleci/info.yml` is not one: it says where the project belongs.
 */
export function isConfigPath(file: string): boolean {
  return /(?:^|\/)\.circleci\/(?:[^/]+\/)*[^/]+\.ya?ml$/.test(file) && !/\.circleci\/info\.ya?ml$/.test(file);
}

/** The folder that holds the `.circleci` a config is in; a config alone, without a workspace, belongs there. */
export function projectFolderOf(file: string): string {
  const parts = file.split(path.sep);
  const at = parts.lastIndexOf(".circleci");
  return at < 0 ? path.dirname(file) : parts.slice(0, at).join(path.sep) || path.sep;
}

/** Whether `file` is `folder` or below it. Both are real paths, links resolved. */
export function isWithin(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
