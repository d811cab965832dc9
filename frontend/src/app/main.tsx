import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { retryable } from "@/api/errors";
import { speak } from "@/i18n";
import { Provider } from "@/ui/Provider";
import { prefs } from "./prefs";
import { makeRouter } from "./routes";
import "./base.css";

const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: (times, error) => times < 2 && retryable(error), staleTime: 5_000 },
    mutations: { retry: false },
  },
});
const router = makeRouter(queries);

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

async function start(): Promise<void> {
  await speak(prefs().lang);
  const root = document.getElementById("root");
  if (!root) return;
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Provider>
          <RouterProvider router={router} />
        </Provider>
      </QueryClientProvider>
    </StrictMode>,
  );
}

void start();
