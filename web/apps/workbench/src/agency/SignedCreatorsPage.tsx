export { SignedCreatorsPage as default } from "./ContractsPage";
