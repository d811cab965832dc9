import { IconConnections, IconPrices, IconReconcile, IconVault, IconWork } from "@/ui/icons";

/** What a supplier's own people see; the mall's staff have none of these rights. */
export const SUPPLIER_PAGES = [
  { id: "asked", group: "day", key: "w", needs: ["own.supply.read"], icon: IconWork },
  { id: "my-offers", group: "goods", key: "p", needs: ["own.supply.read"], icon: IconPrices },
  { id: "my-intakes", group: "goods", key: "v", needs: ["own.supply.read"], icon: IconVault },
  { id: "my-links", group: "partners", key: "c", needs: ["own.supply.read"], icon: IconConnections },
  { id: "my-settlement", group: "money", key: "r", needs: ["own.supply.read"], icon: IconReconcile },
] as const;
