import { describe, expect, it } from "vitest";
import type { Block } from "../../../src/shared/protocol.ts";
import { backTo, load, type Driven } from "./drive.ts";
import { CONFIG, CONTINUED, onPipeline, outlined } from "./onPipeline.ts";

/* Which config of the folder gets the step, where there are several. */

const both = [CONFIG, CONTINUED];

const selectOf = (driven: Driven): Block | undefined =>
  driven.view().page.blocks.find((block) => block.kind === "field" && block.field.id === "config");

describe("the config that gets the step", () => {
  it("is not asked for where there is one", () => {
    expect(selectOf(onPipeline())).toBeUndefined();
  });

  it("is the first of several until another is chosen, which is read then and gets the step", () => {
    const driven = onPipeline({}, { configs: both });
    expect(selectOf(driven)).toMatchObject({
      field: {
        kind: "select",
        label: "CircleCI config",
        value: CONFIG.uri,
        options: [{ label: ".circleci/config.yml" }, { label: ".circleci/deploy.yml" }],
      },
    });
    driven.type("job.deploy", true);
    driven.type("config", CONTINUED.uri);
    expect(driven.effects.at(-1)).toMatchObject({ kind: "outline", config: CONTINUED.uri });
    // The job of the same name in the other file was not chosen.
    expect(driven.state.selectedJobs).toEqual([]);
    const job = { facts: [], refused: false, styles: ["profiles" as const], placesDiffer: false };
    const jobs = ["deploy", "smoke"].map((name) => ({ ...job, name, status: "ready" as const }));
    load(driven, { what: "pipeline", result: { ok: true, value: { file: CONTINUED.name, jobs } } });
    expect(JSON.stringify(driven.view())).toContain("Jobs in .circleci/deploy.yml");
    driven.type("job.smoke", true);
    driven.press("preview");
    expect(driven.effects.at(-1)).toMatchObject({ kind: "preview", config: CONTINUED.uri, jobs: ["smoke"] });
    driven.press("insert");
    expect(driven.effects.at(-1)).toMatchObject({ kind: "insert", config: CONTINUED.uri, jobs: ["smoke"] });
  });

  it("is kept when the configs are looked for anew, and is the first where it is gone", () => {
    const driven = onPipeline({}, { configs: both });
    driven.type("config", CONTINUED.uri);
    driven.press("outline");
    load(driven, { what: "configs", result: { ok: true, value: both } });
    expect(driven.effects.at(-1)).toMatchObject({ kind: "outline", config: CONTINUED.uri });
    driven.press("outline");
    load(driven, { what: "configs", result: { ok: true, value: [CONFIG] } });
    expect(driven.effects.at(-1)).toMatchObject({ kind: "outline", config: CONFIG.uri });
  });

  it("can be chosen while the first one cannot be read", () => {
    const driven = onPipeline({}, { configs: both });
    driven.press("outline");
    load(driven, { what: "configs", result: { ok: true, value: both } });
    const problem = { code: "x", message: { id: "pipelineEditor.config.notUtf8" as const } };
    load(driven, { what: "pipeline", result: { ok: false, problem } });
    expect(selectOf(driven)).toBeDefined();
    driven.type("config", CONTINUED.uri);
    expect(driven.effects.at(-1)).toMatchObject({ kind: "outline", config: CONTINUED.uri });
  });

  it("is none that the folder does not have, and an answer to an older question is dropped", () => {
    const driven = onPipeline({}, { configs: both });
    const effects = driven.effects.length;
    driven.type("config", "file:///etc/passwd");
    driven.type("config", CONFIG.uri);
    driven.type("config", true);
    driven.send({ type: "loaded", what: "configs", attempt: 1, result: { ok: true, value: [CONTINUED] } });
    expect(driven.effects).toHaveLength(effects);
    expect(driven.state.configs).toEqual(both);
  });

  it("says so where the folder has none, and finds the one that was added since", () => {
    const driven = onPipeline();
    driven.press("outline");
    const problem = { code: "x", message: { id: "pipelineEditor.config.missing" as const } };
    load(driven, { what: "configs", result: { ok: false, problem } });
    expect(driven.state.pipeline).toMatchObject({ kind: "failed", problem });
    driven.press("outline");
    outlined(driven, { jobs: [] });
    expect(driven.state.pipeline).toMatchObject({ kind: "ready", value: { file: CONFIG.name } });
  });

  it("is forgotten with the folder it belongs to", () => {
    const driven = onPipeline({}, { configs: both });
    driven.type("job.deploy", true);
    backTo(driven, "connection");
    driven.press("detect");
    expect(driven.state).toMatchObject({ configs: [], config: "", selectedJobs: [] });
  });
});
