import {
  accessPictures,
  awsPictures,
  connectionPictures,
  thumbprintPictures,
} from "./screenshots/questions.ts";
import { applyPictures, pipelinePictures } from "./screenshots/creation.ts";
import { existingPictures, rolesPictures, rolesWelcome } from "./screenshots/existing.ts";
import { openStudio } from "./screenshots/studio.ts";
import { packageExtension } from "./package.ts";

/**
 * npm run screenshots: takes the pictures of the documentation, of every page of the wizard in its states. What is
 * shown is the packed extension in a real VS Code, with the local AWS and the local CircleCI behind it.
 */
const vsix = await packageExtension({ quiet: true });
const studio = await openStudio(vsix);
try {
  await rolesWelcome(studio);
  await connectionPictures(studio);
  const wizard = await studio.wizard();
  await awsPictures(studio, wizard);
  await accessPictures(studio, wizard);
  await thumbprintPictures(studio, wizard);
  await applyPictures(studio, wizard);
  await pipelinePictures(studio, wizard);
  await existingPictures(studio);
  await rolesPictures(studio);
} finally {
  await studio.stop();
}
