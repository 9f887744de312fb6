import { offerOf } from "../../../src/core/insertion/offer.ts";
import { isProblem } from "../../../src/core/pipeline/index.ts";
import { toSetup } from "../../../src/core/wizard/check.ts";
import type { PipelineFile } from "../../../src/core/wizard/state.ts";
import { stepRequest } from "../../../src/core/wizard/step.ts";
import { driveToReview, load, type Driven } from "./drive.ts";

const config = `version: 2.1
common: &common
  - checkout
jobs:
  test:
    docker: [{ image: cimg/node:22.19 }]
    steps:
      - checkout
  deploy:
    docker: [{ image: cimg/aws:2025.01 }]
    steps:
      - checkout
      - run: npm ci
      - run: aws s3 sync . s3://x
  a:
    docker: [{ image: cimg/aws:2025.01 }]
    steps: *common
  b:
    docker: [{ image: cimg/aws:2025.01 }]
    steps: *common
workflows:
  main:
    jobs:
      - test: { filters: { branches: { only: main } } }
      - deploy
`;

export const CONFIG = { uri: "file:///shop/.circleci/config.yml", name: ".circleci/config.yml" };
export const CONTINUED = { uri: "file:///shop/.circleci/deploy.yml", name: ".circleci/deploy.yml" };

/** Answers which configs the folder has, and what the chosen one offers. */
export function outlined(driven: Driven, value: Omit<PipelineFile, "file">, configs = [CONFIG]): void {
  load(driven, { what: "configs", result: { ok: true, value: configs } });
  const file = configs.find(({ uri }) => uri === driven.state.config)?.name ?? "";
  load(driven, { what: "pipeline", result: { ok: true, value: { ...value, file } } });
}

/** A wizard on its page for the pipeline, with this config. */
export function onPipeline(
  options: Parameters<typeof driveToReview>[0] = {},
  { text = config, configs = [CONFIG] } = {},
): Driven {
  const driven = driveToReview(options);
  const setup = toSetup(driven.state);
  if (setup === undefined) throw new Error("no setup");
  load(driven, { what: "plan", result: { ok: true, value: { setup, changes: [] } } });
  driven.press("apply");
  const offer = offerOf(text, stepRequest(setup));
  if (isProblem(offer)) throw new Error(offer.id);
  outlined(driven, offer, configs);
  return driven;
}
