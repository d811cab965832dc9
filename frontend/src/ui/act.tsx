import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { FaultNote } from "./FaultNote";
import { waitsForApproval } from "./form/values";
import { App } from "./kit";
import { tellUnclaimed } from "./told";

/**
 * One deed of a person: done once, told by a toast, and the lists that it touched are read again. An error has its own
 * dialog, unless a dialog or form that awaited the deed shows it itself.
 */
export function useAct<In, Out>(run: (given: In) => Promise<Out>, ...touched: string[]) {
  const { t } = useTranslation();
  const { message, modal } = App.useApp();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: async (out) => {
      // A guarded operation has done nothing yet: somebody else has to let it happen.
      if (waitsForApproval(out)) message.info(t("approvals.waits"), 6);
      else message.success(t("done"));
      await Promise.all(touched.map((key) => queries.invalidateQueries({ queryKey: [key] })));
    },
    onError: (error) => {
      tellUnclaimed(error, () => {
        modal.error({
          title: t("fault.title"),
          icon: null,
          content: <FaultNote error={error} />,
          width: 520,
        });
      });
    },
  });
}
