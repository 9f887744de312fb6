import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { openWizard, type Wizard } from "../../test/e2e/support/wizard.ts";
import { startInstalled, type Journey } from "../../test/support/journey.ts";
import type { Demo } from "../../test/support/demo.ts";
import { projectRoot, runCommand, screenshot } from "../../test/support/vscode-host/index.ts";
import { startGate, type Gate } from "./gate.ts";
import { withPalette } from "./palette.ts";

/** The size of every picture but the first of the README. */
const size = { width: 1120, height: 800 };

const userSettings = {
  "workbench.colorTheme": "Default Dark Modern",
  "window.autoDetectColorScheme": false,
  "window.commandCenter": false,
  "workbench.layoutControl.enabled": false,
  "breadcrumbs.enabled": false,
  "editor.minimap.enabled": false,
  "editor.cursorBlinking": "solid",
};

/** What the pictures are taken with. */
export type Studio = {
  readonly journey: Journey;
  readonly page: Page;
  /** In front of AWS, and in front of the proxy to CircleCI. */
  readonly aws: Gate;
  readonly circleci: Gate;
  /** A new wizard, on its first page; whatever was open is closed. */
  readonly wizard: () => Promise<Wizard>;
  /** Opens another folder, or a workspace file, in the same window. */
  readonly open: (path: string) => Promise<void>;
  /** Takes `docs/images/<name>.png`. */
  readonly shoot: (name: string, options?: Shot) => Promise<void>;
  readonly stop: () => Promise<void>;
};

type Shot = {
  /** The wizard's page is scrolled to this text. Scrolled to its top where it is left out. */
  readonly at?: string;
  readonly size?: { readonly width: number; readonly height: number };
};

const images = join(projectRoot, "docs/images");

/** Starts the local services and the installed extension in the newest VS Code. */
export async function openStudio(vsix: string): Promise<Studio> {
  const [aws, circleci] = await Promise.all([startGate(), startGate()]);
  const close = (): Promise<unknown> => Promise.allSettled([aws.close(), circleci.close()]);
  const journey = await startInstalled({
    vsix,
    userSettings,
    viewport: size,
    env: { HTTPS_PROXY: `http://${circleci.address}` },
    prepare: async (demo, { info }) => {
      aws.leadTo(Number(new URL(info.endpoint).port));
      circleci.leadTo(Number(new URL(info.proxy).port));
      await leadThrough(demo, info.endpoint, `http://${aws.address}`);
      await layOutVariants(demo);
    },
  }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const { page } = journey;
  await hideSideBar(page);
  return {
    journey,
    page,
    aws,
    circleci,
    wizard: async () => {
      await runCommand(page, "View: Close All Editors");
      return openWizard(page);
    },
    open: async (path) => {
      // An open wizard would be restored, and would take the focus in the middle of it.
      await runCommand(page, "View: Close All Editors");
      const address = new URL(journey.server.url(path));
      if (path.endsWith(".code-workspace")) {
        address.searchParams.delete("folder");
        address.searchParams.set("workspace", path);
      }
      await page.goto(address.href);
      await page.locator(".monaco-workbench .part.statusbar .statusbar-item").first().waitFor();
      // The mark that VS Code sets when it has restored what was open in this folder.
      await page.waitForFunction("performance.getEntriesByName('code/didStartWorkbench').length > 0");
      if (await page.locator(".part.sidebar").isVisible()) await hideSideBar(page);
    },
    shoot: (name, shot = {}) => shoot(page, name, shot),
    stop: async () => {
      await journey.stop();
      await close();
    },
  };
}

async function shoot(page: Page, name: string, shot: Shot): Promise<void> {
  if (shot.size !== undefined) await page.setViewportSize(shot.size);
  // Out of the way of hovers.
  await page.mouse.move(2, size.height / 2);
  for (const frame of page.frames()) await settle(frame, shot.at).catch(() => undefined);
  const file = join(images, `${name}.png`);
  await screenshot(page, file);
  if (shot.size !== undefined) await page.setViewportSize(size);
  const small = withPalette(await readFile(file));
  await writeFile(file, small);
  console.log(`${name}.png ${Math.ceil(small.length / 1000)} kB`);
}

/** Scrolls the wizard, and waits until two frames have been drawn since. */
async function settle(frame: ReturnType<Page["mainFrame"]>, at: string | undefined): Promise<void> {
  if ((await frame.locator("h1[data-heading]").count()) > 0) {
    await frame.evaluate("scrollTo(0, 0)");
    if (at !== undefined) await frame.getByText(at).first().scrollIntoViewIfNeeded();
  }
  await frame.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
}

/** Opens the side bar with the roles view. */
export async function showRoles(page: Page): Promise<void> {
  const tab = page.locator(".part.activitybar").getByRole("tab", { name: "CircleCI OIDC" });
  await tab.click();
  await page.locator(".part.sidebar").waitFor({ state: "visible" });
}

/** Closes the side bar, which is open. */
export async function hideSideBar(page: Page): Promise<void> {
  const sideBar = page.locator(".part.sidebar");
  await sideBar.waitFor({ state: "visible" });
  await runCommand(page, "View: Toggle Primary Side Bar Visibility");
  await sideBar.waitFor({ state: "hidden" });
}

/** The profiles ask AWS through the gate; two more are there that do not work. */
async function leadThrough({ home }: Demo, endpoint: string, gate: string): Promise<void> {
  const config = join(home, ".aws/config");
  const text = (await readFile(config, "utf8")).replaceAll(endpoint, gate);
  const sso = [
    "[profile company-sso]",
    "sso_session = company",
    "sso_account_id = 111122223333",
    "sso_role_name = Administrator",
    "region = eu-central-1",
    "",
    "[sso-session company]",
    "sso_start_url = https://acme.awsapps.com/start",
    "sso_region = eu-central-1",
  ];
  const old = ["[profile old-laptop]", "region = eu-central-1", `endpoint_url = ${gate}`];
  await writeFile(config, [text, ...old, "", ...sso, ""].join("\n"));
  const credentials = join(home, ".aws/credentials");
  const keys = ["[old-laptop]", "aws_access_key_id = AKIAGONE000000000000", "aws_secret_access_key = gone"];
  await writeFile(credentials, [await readFile(credentials, "utf8"), ...keys, ""].join("\n"), {
    mode: 0o600,
  });
}

/** Beside the repository: a workspace of two folders, and a copy that names a foreign organization. */
async function layOutVariants({ repository }: Demo): Promise<void> {
  const folder = join(repository, "..");
  await mkdir(join(folder, "api"));
  const workspace = { folders: [{ path: "web-shop" }, { path: "api" }] };
  await writeFile(join(folder, "acme.code-workspace"), JSON.stringify(workspace));
  const foreign = join(folder, "foreign");
  await cp(repository, join(foreign, "web-shop"), { recursive: true });
  const info = [
    "organization:",
    "  id: 66666666-dead-4bad-8bad-666666666666",
    "  name: acme",
    "project:",
    "  id: 77777777-dead-4bad-9bad-777777777777",
    "  name: web-shop",
    "  slug: gh/mallory/web-shop",
    "",
  ];
  await writeFile(join(foreign, "web-shop/.circleci/info.yml"), info.join("\n"));
}

/** Does something while the AWS files of the demo are away. */
export async function withoutProfiles({ home }: Demo, act: () => Promise<void>): Promise<void> {
  const files = join(home, ".aws");
  await rename(files, `${files}-away`);
  try {
    await act();
  } finally {
    await rm(files, { recursive: true, force: true });
    await rename(`${files}-away`, files);
  }
}
