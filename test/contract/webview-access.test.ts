import { AxeBuilder } from "@axe-core/playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Action, Block, WizardView } from "../../src/shared/protocol.ts";
import { startWebview, type WebviewServer } from "../support/webview-page.ts";
import { themes } from "../support/webview-themes.ts";
import { gallery, galleryBlocks } from "../support/webview-views.ts";

let webview: WebviewServer;

beforeAll(async () => {
  webview = await startWebview();
});
afterAll(() => webview.close());

const pages = Object.entries(gallery);
const themeNames = [
  "dark",
  "light",
  "high-contrast",
  "high-contrast-light",
] as const satisfies readonly (keyof typeof themes)[];

test("the gallery holds every kind of block, field, tone and status", () => {
  const flat = (blocks: readonly Block[]): readonly Block[] =>
    blocks.flatMap((block) => ("blocks" in block ? [block, ...flat(block.blocks)] : [block]));
  const all = flat(galleryBlocks);
  expect(new Set(all.map((block) => block.kind)).size).toBe(13);
  expect(new Set(all.flatMap((block) => (block.kind === "field" ? [block.field.kind] : []))).size).toBe(4);
  expect(new Set(all.flatMap((block) => (block.kind === "notice" ? [block.tone] : []))).size).toBe(4);
  const statuses = all.flatMap((block) =>
    block.kind === "progress" ? block.items.map((item) => item.status) : [],
  );
  expect(new Set(statuses).size).toBe(7);
});

describe.each(themeNames)("theme %s", (theme) => {
  test.each(pages)("%s: axe finds nothing, the console is silent, the policy holds", async (_name, view) => {
    const wizard = await webview.open({ theme });
    await wizard.post({ type: "view", view });
    await wizard.page.evaluate(
      `for (const details of document.querySelectorAll("details")) details.open = true;`,
    );
    const { violations } = await new AxeBuilder({ page: wizard.page }).analyze();
    expect(
      violations.map(({ id, nodes }) => ({
        id,
        at: nodes.map((node) => `${node.html} ${node.failureSummary ?? ""}`),
      })),
    ).toEqual([]);
    expect(await wizard.complaints()).toEqual([]);
    await wizard.close();
  });
});

test.each(pages)("%s does not scroll sideways at 400 pixels", async (_name, view) => {
  const wizard = await webview.open({ viewport: { width: 400, height: 700 } });
  await wizard.post({ type: "view", view });
  await wizard.page.evaluate(
    `for (const details of document.querySelectorAll("details")) details.open = true;`,
  );
  expect(await wizard.page.evaluate("document.documentElement.scrollWidth")).toBe(400);
  const cut = `[...document.querySelectorAll("#app *")].filter((element) =>
    !element.closest("pre, .unseen, .name, svg") && element.getBoundingClientRect().right > 400).map((e) => e.outerHTML)`;
  expect(await wizard.page.evaluate(cut)).toEqual([]);
  await wizard.close();
});

test("the footer stays in sight and covers no focused control", async () => {
  const wizard = await webview.open({ viewport: { width: 700, height: 400 } });
  await wizard.post({ type: "view", view: gallery.fields });
  const seen: unknown[] = [];
  for (let at = 0; at < 9; at++) {
    await wizard.page.keyboard.press("Tab");
    seen.push(
      await wizard.page.evaluate(`
        document.activeElement.closest("footer") !== null ||
        document.activeElement.getBoundingClientRect().bottom <= document.querySelector("footer").getBoundingClientRect().top`),
    );
  }
  expect(seen).toEqual(Array.from({ length: 9 }, () => true));
  expect(await wizard.page.getByRole("button", { name: "Next: review" }).isVisible()).toBe(true);
  await wizard.close();
});

/** The places where Tab stops on a page, in order, as the contract has them; details are closed. */
function stops(view: WizardView): readonly string[] {
  const buttons = (actions: readonly Action[] | undefined) =>
    (actions ?? []).filter((action) => action.enabled).map((action) => action.id);
  const ofBlock = (block: Block): readonly string[] => {
    switch (block.kind) {
      case "field":
        return block.field.kind === "checkbox" && !block.field.enabled ? [] : [block.field.id];
      case "group":
        return [...block.blocks.flatMap(ofBlock), ...buttons(block.actions)];
      case "columns":
        return [...block.main, ...block.side].flatMap(ofBlock);
      case "facts":
        return block.rows.flatMap((row) => buttons(row.copy === undefined ? [] : [row.copy]));
      case "details":
        return [block.id];
      case "code":
        return [...buttons(block.actions), "PRE"];
      case "notice":
      case "busy":
      case "actions":
        return buttons(block.actions);
      default:
        return [];
    }
  };
  return [...view.page.blocks.flatMap(ofBlock), ...buttons(view.footer)];
}

test.each(pages)("%s: Tab reaches every control in the order of the page", async (_name, view) => {
  const wizard = await webview.open();
  await wizard.post({ type: "view", view });
  const expected = stops(view);
  const reached: unknown[] = [];
  for (const _stop of expected) {
    await wizard.page.keyboard.press("Tab");
    reached.push(
      await wizard.page.evaluate(`(() => {
        const at = document.activeElement;
        return at.closest("[data-control]")?.dataset.control ?? (at.tagName === "SUMMARY" ? at.parentElement.id : at.tagName);
      })()`),
    );
  }
  expect(reached).toEqual(expected);
  await wizard.close();
});

test("errors, sources and hints reach the control itself in the accessibility tree", async () => {
  const wizard = await webview.open();
  await wizard.post({ type: "view", view: gallery.fields });
  const session = await wizard.page.context().newCDPSession(wizard.page);
  const { root } = await session.send("DOM.getDocument");
  const described = async (role: string, accessibleName: string) => {
    const { nodes } = await session.send("Accessibility.queryAXTree", {
      nodeId: root.nodeId,
      role,
      accessibleName,
    });
    return nodes.map((node) => ({
      focusable: node.properties?.some((property) => property.name === "focusable") ?? false,
      invalid: node.properties?.find((property) => property.name === "invalid")?.value.value,
      description: node.description?.value,
    }));
  };
  expect(await described("textbox", "Project ID")).toEqual([
    {
      focusable: true,
      invalid: "true",
      description:
        "This is not a project ID: it must be a UUID of 32 hexadecimal digits in five groups. Project Settings › Overview shows it.",
    },
  ]);
  expect(await described("textbox", "Organization ID")).toEqual([
    {
      focusable: true,
      invalid: "false",
      description:
        "From .circleci/info.yml, confirmed by the CircleCI API A UUID; Organization Settings › Overview shows it.",
    },
  ]);
  expect(await described("combobox", "Region")).toEqual([
    { focusable: true, invalid: "true", description: "Choose the region of the STS endpoint." },
  ]);
  expect(await described("radiogroup", "Longest AWS step")).toEqual([
    { focusable: false, invalid: "true", description: "Choose how long the longest AWS step runs." },
  ]);
  expect(await described("radio", "Every job of this project")).toMatchObject([
    {
      focusable: true,
      description: "Also jobs on branches and, where secrets are passed to forks, of forks.",
    },
  ]);
  expect(await described("checkbox", "I know that this role reaches production")).toEqual([
    { focusable: true, invalid: "true", description: "Confirm this to go on." },
  ]);
  await wizard.close();
});

test("the stepper names the current step and the state of each", async () => {
  const wizard = await webview.open();
  await wizard.post({ type: "view", view: gallery.fields });
  const steps = wizard.page.getByRole("navigation", { name: "Steps" }).getByRole("listitem");
  expect(await steps.count()).toBe(5);
  const current = wizard.page.locator('[aria-current="step"]');
  expect(await current.count()).toBe(1);
  expect(await current.textContent()).toMatch(/Who may assume\s*Current step/);
  await wizard.close();
});

test("nothing turns where the user wants less motion", async () => {
  for (const [reducedMotion, name] of [
    ["reduce", "none"],
    ["no-preference", "spin-infinite"],
  ] as const) {
    const wizard = await webview.open({ reducedMotion });
    await wizard.post({ type: "view", view: gallery.progress });
    expect(
      await wizard.page.evaluate(`getComputedStyle(document.querySelector("vscode-progress-ring")
        .shadowRoot.querySelector(".indeterminate-indicator-1")).animationName`),
    ).toBe(name);
    await wizard.close();
  }
});
