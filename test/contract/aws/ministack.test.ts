import { contract } from "./support/suite.ts";

await contract("ministack");
