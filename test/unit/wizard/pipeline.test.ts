import { describe, expect, it } from "vitest";
import { toSetup } from "../../../src/core/wizard/check.ts";
import type { Effect } from "../../../src/core/wizard/events.ts";
import { enabledActions } from "../../../src/features/wizard/view/index.ts";
import type { Block, Field } from "../../../src/shared/protocol.ts";
import { load, type Driven } from "./drive.ts";
import { onPipeline, outlined } from "./onPipeline.ts";

function allBlocks(blocks: readonly Block[]): readonly Block[] {
  return blocks.flatMap((block) => [block, ...("blocks" in block ? allBlocks(block.blocks) : [])]);
}

const fieldsOf = (driven: Driven): readonly Field[] =>
  allBlocks(driven.view().page.blocks).flatMap((block) => (block.kind === "field" ? [block.field] : []));
const fieldOf = (driven: Driven, id: string): Field | undefined =>
  fieldsOf(driven).find((one) => one.id === id);
const ids = (driven: Driven): readonly string[] =>
  fieldsOf(driven)
    .map(({ id }) => id)
    .filter((id) => id.startsWith("step."));

type Insert = Extract<Effect, { kind: "insert" }>;
function inserted(driven: Driven): Insert | undefined {
  driven.press("insert");
  const last = driven.effects.at(-1);
  return last?.kind === "insert" ? last : undefined;
}

describe("the page for the pipeline", () => {
  it("says what each job is, and asks nothing before one is chosen", () => {
    const driven = onPipeline();
    expect(fieldOf(driven, "job.deploy")).toMatchObject({
      hint: "Runs on every branch. Linux in Docker. Calls aws. Looks like a deploy.",
    });
    expect(ids(driven)).toEqual([]);
    driven.type("job.deploy", true);
    expect(ids(driven)).toEqual([
      "step.style",
      "step.minutes",
      "step.placement",
      "step.sessionName",
      "step.roleVariable",
    ]);
    expect(fieldOf(driven, "step.minutes")?.hint).toBe("The keys last 15 minutes.");
    driven.type("job.deploy", false);
    driven.type("job.test", true);
    expect(ids(driven)).not.toContain("step.placement");
  });

  it("inserts what setups have always had where nothing is chosen", () => {
    const driven = onPipeline();
    driven.type("job.deploy", true);
    expect(inserted(driven)).toMatchObject({
      jobs: ["deploy"],
      chosen: {
        step: { style: "profiles", durationSeconds: 900 },
        placement: "afterCheckout",
        shared: "refuse",
      },
    });
  });

  it("shows and inserts the step as it was chosen", () => {
    const driven = onPipeline();
    driven.type("job.deploy", true);
    driven.type("step.style", "command");
    driven.type("step.minutes", "40");
    driven.type("step.placement", "beforeAws");
    driven.type("step.sessionName", "shop");
    driven.type("step.roleVariable", "DEPLOY_ROLE");
    expect(fieldOf(driven, "step.minutes")?.hint).toBe("The keys last 45 minutes.");
    const chosen = {
      step: { style: "command", durationSeconds: 2700, sessionName: "shop", roleVariable: "DEPLOY_ROLE" },
      placement: "beforeAws",
    };
    driven.press("preview");
    expect(driven.effects.at(-1)).toMatchObject({ kind: "preview", jobs: ["deploy"], chosen });
    expect(inserted(driven)).toMatchObject({ chosen });
    const value = { jobs: ["deploy"], alsoIn: ["b"], saved: true };
    load(driven, { what: "insertion", result: { ok: true, value } });
    const done = JSON.stringify(driven.view());
    expect(done).toContain("The keys last 45 minutes.");
    expect(done).toContain("These jobs share their steps and have it too: b.");
  });

  it("takes nothing that is not among the choices", () => {
    const driven = onPipeline();
    driven.type("job.deploy", true);
    const before = driven.state.choices;
    driven.type("step.style", "sudo");
    driven.type("step.placement", "first");
    driven.type("step.shared", "refuse");
    driven.type("step.elsewhere", true);
    driven.type("step.unknown", "x");
    expect(driven.state.choices).toEqual(before);
  });

  it("holds the insertion up where choices do not go together, and leads to the field", () => {
    const driven = onPipeline();
    driven.type("job.deploy", true);
    driven.type("step.minutes", "soon");
    expect(fieldOf(driven, "step.minutes")?.error).toContain("Enter a number of minutes");
    expect(inserted(driven)).toBeUndefined();
    expect(driven.focus).toBe("step.minutes");
    driven.press("preview");
    expect(driven.effects.at(-1)?.kind).not.toBe("preview");
    driven.type("step.minutes", "");
    expect(inserted(driven)).toBeDefined();
  });

  it("asks about shared steps where a chosen job has them, and names who else has them", () => {
    const driven = onPipeline();
    driven.type("job.a", true);
    expect(fieldOf(driven, "step.shared")).toMatchObject({
      value: "inline",
      options: [{ value: "inline" }, { value: "edit", hint: "These jobs get the step too: b." }],
    });
    expect(inserted(driven)?.chosen.shared).toBe("inline");
  });

  it("says before inserting which runs the role refuses, and what can be done", () => {
    const driven = onPipeline({ branches: "main" });
    driven.type("job.test", true);
    expect(ids(driven)).not.toContain("step.elsewhere");
    driven.type("job.deploy", true);
    const view = JSON.stringify(driven.view());
    expect(view).toContain("deploy: On branches other than main the step fails: the role refuses them.");
    expect(driven.view().announcement).toContain("The role refuses some runs of these jobs");
    expect(enabledActions(driven.view())).toContain("widen");

    driven.type("step.elsewhere", "skip");
    expect(inserted(driven)?.chosen.step.onlyBranches).toEqual(["main"]);
    driven.press("leave-out");
    expect(driven.state.selectedJobs).toEqual(["test"]);
    expect(inserted(driven)?.chosen.step.onlyBranches).toBeUndefined();
    driven.type("job.deploy", true);
    driven.press("widen");
    expect(driven.state.page).toBe("access");
  });

  it("calls the command that the file has as it is", () => {
    const driven = onPipeline();
    driven.type("job.deploy", true);
    driven.type("step.style", "command");
    const setup = toSetup(driven.state);
    const first = inserted(driven);
    if (first === undefined || setup === undefined) throw new Error("not inserted");
    const offer = { ...driven.state.pipeline };
    if (offer.kind !== "ready") throw new Error("not ready");
    const again = onPipeline();
    const value = { ...offer.value, command: first.chosen.step };
    again.press("outline");
    outlined(again, value);
    again.type("job.deploy", true);
    // Some job calls it already, so that it is what is proposed.
    expect(again.state.choices.style).toBe("command");
    expect(ids(again)).not.toContain("step.minutes");
    expect(JSON.stringify(again.view())).toContain("it is called as it is. The keys last 15 minutes.");
    again.type("step.style", "profiles");
    again.press("outline");
    outlined(again, value);
    expect(again.state.choices.style).toBe("profiles");
  });
});
