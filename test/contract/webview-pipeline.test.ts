import { AxeBuilder } from "@axe-core/playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startWebview, type WebviewServer } from "../support/webview-page.ts";
import { onPipeline } from "../unit/wizard/onPipeline.ts";

/* The page for the pipeline with everything on it that there can be to choose. */

let webview: WebviewServer;

beforeAll(async () => {
  webview = await startWebview();
});
afterAll(() => webview.close());

test.each(["dark", "high-contrast-light"] as const)(
  "%s: every choice has a name, and axe finds nothing",
  async (theme) => {
    const driven = onPipeline({ branches: "main" });
    for (const job of ["deploy", "a"]) driven.type(`job.${job}`, true);
    driven.type("step.minutes", "soon");
    const wizard = await webview.open({ theme });
    await wizard.post({ type: "view", view: driven.view() });
    await wizard.page.evaluate(`document.querySelector("details").open = true;`);
    for (const name of [
      "Style",
      "Where it goes",
      "Steps that several jobs share",
      "On branches that the role refuses",
    ]) {
      await wizard.page.getByRole("radiogroup", { name, exact: true }).waitFor();
    }
    for (const name of ["Session name", "Variable that holds the role’s ARN"]) {
      await wizard.page.getByRole("textbox", { name, exact: true }).waitFor();
    }
    const minutes = wizard.page.getByRole("textbox", { name: "Minutes that the longest AWS step takes" });
    const words = await minutes.getAttribute("aria-describedby");
    expect(words).toContain("step.minutes.error");
    const { violations } = await new AxeBuilder({ page: wizard.page }).analyze();
    expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) }))).toEqual([]);
    expect(await wizard.complaints()).toEqual([]);
    await wizard.close();
  },
);
