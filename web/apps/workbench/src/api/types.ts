import type { components } from "@xingqu/client";

/** The server's shapes under the names that the rooms use; all generated from its OpenAPI document. */
type Schemas = components["schemas"];

export interface Page<Row> {
  items: Row[];
  next_cursor: string | null;
}

export type Role = Schemas["MemberPatch"]["role"];
export type Session = Omit<Schemas["SessionOut"], "organisations"> & { organisations: SessionShop[] };
export type SessionShop = Omit<Schemas["MyOrganisationOut"], "role"> & { role: Role };
export type Organisation = Schemas["OrganisationOut"];
export type Member = Omit<Schemas["MemberOut"], "role"> & { role: Role };
export type Action = Schemas["ActionOut"];
export type Roles = Schemas["RolesOut"];
export type Invitation = Schemas["InvitationOut"];
export type InvitationCard = Schemas["InvitationCardOut"];
export type SavedView = Schemas["SavedViewOut"];
export type SavedViewTable = Schemas["SavedViewIn"]["table"];
export type Notice = Schemas["NoticeOut"];

export type Category = Schemas["CategoryOut"];
export type CategoryAttribute = Schemas["CategoryAttributeOut"];
export type MerchantProduct = Schemas["MerchantProductOut"];
export type CheckReason = Schemas["CheckReasonOut"];

/** Edits of an approved product that wait for the check: only what differs is there. */
export type ProductDraft = Partial<
  Omit<Schemas["ProductIn"], "attributes" | "currency" | "options" | "skus"> & { attributes: [string, string][] }
>;
export type ProductEdit = Omit<Schemas["MerchantProductDetailOut"], "draft"> & { draft: ProductDraft };
export type ImportReport = Schemas["ImportOut"];
export type BatchResult = Schemas["ProductBatchOut"];
export type BatchRow = Schemas["ProductBatchRowOut"];
export type FieldChange = Schemas["FieldChangeOut"];
export type ListingQueue = Schemas["ListingQueueOut"];
export type ListingReview = Schemas["ListingReviewOut"];
export type ListingDetail = Schemas["ListingReviewDetailOut"];
export type ReviewedTexts = Schemas["ReviewedTextsOut"];

export type MediaAsset = Schemas["AssetOut"];
export type Work = Schemas["ShopContentOut"];
export type Pool = Schemas["PoolOut"];
export type PoolStep = Schemas["PoolStepOut"];
export type PoolDetail = Schemas["PoolDetailOut"];
export type ItemReach = Schemas["ItemReachOut"];

export type Chat = Schemas["ConversationOut"];
export type ChatMessage = Schemas["MessageOut"];
export type BuyerSide = Schemas["BuyerSideOut"];
export type SupportCounts = Schemas["SupportCountsOut"];
export type QuickReply = Schemas["QuickReplyOut"];
export type ResponseFigures = Schemas["ResponseOut"];
export type Order = Schemas["MerchantOrderOut"];
export type OrderDetail = Schemas["MerchantOrderDetailOut"];
export type OrderCounts = Schemas["MerchantCountsOut"];
export type Carrier = Schemas["CarrierOut"];
export type ShipResult = Omit<Schemas["ShipRowOut"], "error"> & { error: ShipRefusal | null };
export interface ShipRefusal {
  code: string;
  message: string;
  field?: string | null;
  expected?: string | null;
  data?: Record<string, unknown> | null;
}
export interface BatchShipCheck {
  items: { order_no: string; can_ship: boolean; error: ShipRefusal | null }[];
}
export interface BatchShipResult {
  items: ShipResult[];
}
export type InvoiceRequest = Schemas["InvoiceRequestOut"];
export type InvoiceCounts = Schemas["InvoiceCountsOut"];
export type InvoiceSeller = Schemas["SellerOut"];
export type InvoiceSettings = Schemas["InvoiceSettingsOut"];
export type InvoiceBatch = { items: { order_no: string; issued: boolean; error: { code: string; message: string } | null }[] };
export type TaxRules = Schemas["TaxRulesOut"];
export type AdmissionPolicies = Schemas["AdmissionPoliciesOut"];
export type Today = Schemas["TodayOut"];
export type PresaleOffer = Schemas["PresaleOut"];
export type BundleOffer = Schemas["BundleOut"];
export type MerchantSku = Schemas["MerchantSkuOut"];
export type FreightRule = Schemas["FreightRuleOut"];
export type Review = Schemas["ShopReviewOut"];
export type ReviewCase = Schemas["ReviewCaseOut"];
export type ReviewCounts = Schemas["ReviewCountsOut"];
export type SavedReply = Schemas["SavedReplyOut"];
export type ReplyBatch = Schemas["ReplyBatchOut"];
export type ShopOpinions = Schemas["ShopOpinionsOut"];
export type PlatformCase = Schemas["PlatformCaseOut"];
export type PlatformCaseDetail = Schemas["PlatformCaseDetailOut"];
export type ReviewCaseCounts = Schemas["ReviewCaseCountsOut"];
export type ReviewRules = Schemas["ReviewRulesIO"];
export type ReviewRulesPage = Schemas["ReviewRulesPageOut"];
export type Experience = Schemas["ExperienceOut"];
export type ExperienceRules = Schemas["ExperienceRulesIO"];
export type ExperienceRulesPage = Schemas["ExperienceRulesPageOut"];
export type ExperienceRows = Schemas["BehindListOut"];
export type Diagnosis = Schemas["DiagnosisOut"];

export type FoundPerson = Schemas["FoundPersonOut"];
export type Lookup = Schemas["LookupOut"];
export type LookupRow = Schemas["LookupRowOut"];
export type PersonState = Schemas["PersonStateOut"];
export type Preview = Schemas["PreviewOut"];
export type Slot = Schemas["SlotOut"];
export type Candidate = Schemas["CandidateOut"];
export type PassedOver = Schemas["PassedOverOut"];
export type ChannelTrace = Schemas["ChannelTraceOut"];
export type ContentBrief = Schemas["ContentBriefOut"];
export type Training = Schemas["TrainingOut"];
export type ChannelReportPage = Schemas["ChannelReportPageOut"];
export type ChannelFigures = Schemas["ChannelFiguresOut"];
export type TrainingList = Schemas["TrainingListOut"];
export type StockMovement = Schemas["MovementOut"];
export type StockLevel = Schemas["StockLevelOut"];
export type Warehouse = Schemas["WarehouseOut"];
export type OfferedCoupon = Schemas["OfferedCouponOut"];
export type FullReduction = Schemas["FullReductionOut"];
export type FlashSale = Schemas["FlashSaleOut"];
export type BillList = Schemas["BillsOut"];
export type Bill = Schemas["BillOut"];
export type Difference = Schemas["DifferenceOut"];

export type AfterSaleCase = Schemas["CaseOut"];
export type AfterSaleDetail = Schemas["CaseDetailOut"];
export type AfterSaleCounts = Schemas["ShopCountsOut"];
export type DisputeCounts = Schemas["OperatorCountsOut"];
export type ReturnAddress = Schemas["ReturnAddressOut"];
export type CaseBatch = Schemas["CaseBatchOut"];
export type Clause = Schemas["ClauseOut"];
export type AfterSaleRules = Schemas["RulesOut"];
export type AfterSaleRulesPage = Schemas["RulesPageOut"];

export type DeskPackage = Schemas["DeskPackageOut"];
export type DeskCounts = Schemas["DeskCountsOut"];
export type WaybillResult = Omit<Schemas["WaybillResultOut"], "error"> & { error: { code: string; message: string } | null };
export type FreightTemplate = Schemas["TemplateOut"];
export type FreightZone = Schemas["ZoneOut"];
export type ProductFreight = Schemas["ProductFreightOut"];
export type ShopAddress = Schemas["ShopAddressOut"];
export type ShopCover = Schemas["ShopCoverOut"];
export type CoverTermsPage = Schemas["CoverTermsPageOut"];
export type CarrierHook = Schemas["HookOut"];
export type NewCarrierHook = Schemas["NewHookOut"];
export type CarrierStatus = Schemas["CarrierStatusOut"];
export type TimeRules = Schemas["TimeRulesOut"];
export type Region = Schemas["RegionOut"];
export type OpenApp = Schemas["OpenAppOut"];
export type NewOpenApp = Schemas["NewAppOut"];
export type OpenCatalogue = Schemas["OpenCatalogueOut"];
export type WebhookEndpoint = Schemas["EndpointOut"];
export type WebhookDelivery = Schemas["DeliveryOut"];
export type ShopApplication = Schemas["ShopApplicationOut"];
export type ShopDocument = Schemas["ShopDocumentOut"];
export type ShopQualification = Schemas["ShopQualificationOut"];
export type ShopState = Schemas["ShopStateOut"];
