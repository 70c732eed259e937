import { app } from "../../config/schema/apps.ts";
import type { AppConfig } from "../../config/schema.ts";

/** An application as a stack file would write it, with the schema's defaults filled in. */
export function appSchemaDefaults(written: object): AppConfig {
  return app.parse(written);
}
