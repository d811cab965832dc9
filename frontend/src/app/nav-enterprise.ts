import { IconAudit, IconCompany, IconDepartments, IconRequests } from "@/ui/icons";

/** Pages of a buying company's own people. */
export const ENTERPRISE_PAGES = [
  {
    id: "company",
    group: "company",
    key: "m",
    needs: ["own.requests.write", "own.requests.decide"],
    icon: IconCompany,
  },
  {
    id: "requests",
    group: "company",
    key: "q",
    needs: ["own.requests.write", "own.requests.decide"],
    icon: IconRequests,
  },
  { id: "departments", group: "company", key: "c", needs: ["own.departments.write"], icon: IconDepartments },
  { id: "statements", group: "company", key: "t", needs: ["own.departments.write"], icon: IconAudit },
] as const;
