export { AgenciesPage as default } from "./ContractsPage";
