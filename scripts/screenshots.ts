import { parseArgs } from "node:util";
import {
  accessPictures,
  awsPictures,
  connectionPictures,
  folderPictures,
  thumbprintPictures,
} from "./screenshots/questions.ts";
import { applyPictures, pipelinePictures } from "./screenshots/creation.ts";
import { findingPictures, removalPicture } from "./screenshots/checks.ts";
import { existingPictures, rolesPictures, rolesWelcome } from "./screenshots/existing.ts";
import { permissionPictures } from "./screenshots/permissions.ts";
import { openStudio } from "./screenshots/studio.ts";
import { packageExtension } from "./package.ts";

/**
 * npm run screenshots: takes the pictures of the documentation, of every page of the wizard in its states. What is
 * shown is the packed extension in a real VS Code, with the local AWS and the local CircleCI behind it. `--vsix` takes
 * one that is packed already.
 */
const { values } = parseArgs({ options: { vsix: { type: "string" } } });
const studio = await openStudio(values.vsix ?? (await packageExtension({ quiet: true })));
try {
  await rolesWelcome(studio);
  await connectionPictures(studio);
  const wizard = await studio.wizard();
  await awsPictures(studio, wizard);
  await accessPictures(studio, wizard);
  await permissionPictures(studio, wizard);
  await thumbprintPictures(studio, wizard);
  await applyPictures(studio, wizard);
  await pipelinePictures(studio, wizard);
  await existingPictures(studio);
  await findingPictures(studio);
  await removalPicture(studio);
  await rolesPictures(studio);
  await folderPictures(studio);
} finally {
  await studio.stop();
}
