import type { TestProject } from "vitest/node";
import { packageExtension } from "../../../scripts/package.ts";
import { ensureDebianPackages, installVSCode, newestVSCode } from "../../support/vscode-host/index.ts";

/** Once for all journeys: what they run in, and the extension as it is shipped. */
export async function setup(project: TestProject): Promise<void> {
  await ensureDebianPackages(["chromium"], console.log);
  await installVSCode(newestVSCode, { onProgress: console.log });
  project.provide("vsix", await packageExtension({ quiet: true }));
}
