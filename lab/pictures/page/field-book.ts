import { LineCounter, parseDocument } from "yaml";
import { formatRef, refOf, type Sourced } from "../../manifests/object.ts";
import type { ObjectIndex } from "../../manifests/object-index.ts";
import type { PictureField } from "../model.ts";
import { placeInYaml } from "../yaml-place.ts";
import { nameOf, yamlOf } from "./object-yaml.ts";

/** What the page's script shows for a button with `data-field`, as JSON in the page. */
export interface FieldData {
  /** Each object once, however many fields of it are shown. */
  readonly objects: readonly { readonly name: string; readonly yaml: string }[];
  /** By the number of `data-field`. */
  readonly fields: readonly FieldDetail[];
}

export interface FieldDetail {
  readonly heading: string;
  readonly parts: readonly FieldPart[];
}

/** Fields of one object. */
export interface FieldPart {
  /** Place in the list of objects. */
  readonly object: number;
  readonly marks: readonly Mark[];
}

/** A field in an object's YAML. */
export interface Mark {
  /** "spec.tls[0].secretName". */
  readonly path: string;
  /** Lines of the YAML, from 1, both ends included. */
  readonly first: number;
  readonly last: number;
  /** False: the field is not written, and the lines are those of what it would stand in. */
  readonly written: boolean;
}

interface ReadObject {
  readonly name: string;
  readonly yaml: string;
  readonly contents: unknown;
  readonly counter: LineCounter;
}

/** Collects the objects and fields that a page has buttons for. */
export class FieldBook {
  readonly #objects: ReadObject[] = [];
  readonly #places = new Map<Sourced, number>();
  readonly #fields: FieldDetail[] = [];

  get data(): FieldData {
    return { objects: this.#objects.map(({ name, yaml }) => ({ name, yaml })), fields: this.#fields };
  }

  /**
   * Notes down fields, with the objects that have them.
   * @param heading what stands above the YAML
   * @returns the number for `data-field`; undefined when none of the objects is in the set
   */
  add(heading: string, index: ObjectIndex, fields: readonly PictureField[]): number | undefined {
    const paths = new Map<Sourced, (readonly (string | number)[])[]>();
    for (const { ref, path } of fields) {
      const name = formatRef(ref);
      const found = index.objects.find(({ object }) => formatRef(refOf(object)) === name);
      if (found !== undefined) paths.set(found, [...(paths.get(found) ?? []), path]);
    }
    if (paths.size === 0) return undefined;
    const parts = [...paths].map(([sourced, all]): FieldPart => {
      const object = this.#place(sourced);
      const read = this.#objects[object];
      return { object, marks: read === undefined ? [] : marksIn(read, all) };
    });
    return this.#fields.push({ heading, parts }) - 1;
  }

  /** Notes down a whole object. */
  addObject(heading: string, sourced: Sourced): number {
    return this.#fields.push({ heading, parts: [{ object: this.#place(sourced), marks: [] }] }) - 1;
  }

  #place(sourced: Sourced): number {
    const known = this.#places.get(sourced);
    if (known !== undefined) return known;
    const yaml = yamlOf(sourced);
    const counter = new LineCounter();
    const { contents } = parseDocument(yaml, { lineCounter: counter });
    const place = this.#objects.push({ name: nameOf(sourced.object), yaml, contents, counter }) - 1;
    this.#places.set(sourced, place);
    return place;
  }
}

/** The lines of fields in an object's YAML; of the whole object, no line is a mark. */
function marksIn({ yaml, contents, counter }: ReadObject, paths: readonly (readonly (string | number)[])[]): Mark[] {
  return paths.flatMap((path): Mark[] => {
    const place = placeInYaml(contents, path);
    if (place === undefined) return [];
    const length = yaml.slice(place.start, place.end).trimEnd().length;
    return [
      {
        path: pathText(path),
        first: counter.linePos(place.start).line,
        last: counter.linePos(place.start + Math.max(0, length - 1)).line,
        written: place.steps === path.length,
      },
    ];
  });
}

/** `["spec", "rules", 0, "host"]` as "spec.rules[0].host"; keys with dots stand in brackets. */
function pathText(path: readonly (string | number)[]): string {
  return path
    .map((step, i) => {
      if (typeof step === "number" || /[./]/.test(step)) return `[${step}]`;
      return i === 0 ? step : `.${step}`;
    })
    .join("");
}
