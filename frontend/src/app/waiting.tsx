import { Bones } from "@/ui/fields";

export function Waiting() {
  return (
    <div className="screen" aria-busy="true">
      <Bones rows={9} />
    </div>
  );
}
