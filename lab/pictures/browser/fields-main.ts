// The script of a page that has buttons for fields and no picture. It is bundled by ../page/bundle.ts.
import type { FieldData } from "../page/field-book.ts";
import { element } from "./dom.ts";
import { connectFieldButtons } from "./field-buttons.ts";
import { Panel } from "./panel.ts";

const data: FieldData = JSON.parse(element("data").textContent ?? "");
connectFieldButtons(data, new Panel());
