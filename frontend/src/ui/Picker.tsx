import { lazy, Suspense } from "react";
import { Input } from "./fields";
import type { PickerProps } from "./PickerField";

const PickerField = lazy(() => import("./PickerField"));

/** One of many things, found by the server as one types. Fetched with the first page that asks for one. */
export function Picker(props: PickerProps) {
  return (
    <Suspense
      fallback={
        <Input className={props.className} placeholder={props.none} disabled aria-busy name={props.name} />
      }
    >
      <PickerField {...props} />
    </Suspense>
  );
}
