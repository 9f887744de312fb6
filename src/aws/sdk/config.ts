export { CONFIG_PREFIX_SEPARATOR, loadSharedConfigFiles } from "@smithy/core/config";
