import { askForFirstScreen } from "./early/firstLook";

// This file is small on purpose: what the first screen shows is on its way before the application has arrived.
askForFirstScreen(globalThis.location);
void import("./start");
