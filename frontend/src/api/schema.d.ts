// Made from the console's OpenAPI document by `make apitypes`. Not written by hand.

export interface paths {
    "/console/v1/account-checker": {
        get: operations["getAccountChecker"];
        put: operations["setAccountChecker"];
        delete: operations["dropAccountChecker"];
    };
    "/console/v1/account-numbers": {
        post: operations["addAccountNumbers"];
    };
    "/console/v1/account-owners": {
        get: operations["listAccountOwners"];
    };
    "/console/v1/account-owners/totals": {
        get: operations["totalAccountOwners"];
    };
    "/console/v1/accounts": {
        get: operations["listAccounts"];
    };
    "/console/v1/accounts/{account_id}": {
        get: operations["getAccount"];
    };
    "/console/v1/accounts/{account_id}/adjustments": {
        post: operations["adjustBalance"];
    };
    "/console/v1/accounts/{account_id}/allotments": {
        post: operations["allot"];
    };
    "/console/v1/accounts/{account_id}/balance": {
        get: operations["getBalanceAt"];
    };
    "/console/v1/accounts/{account_id}/credit": {
        put: operations["setCredit"];
    };
    "/console/v1/accounts/{account_id}/lock": {
        post: operations["lockAccount"];
    };
    "/console/v1/accounts/{account_id}/recharges": {
        post: operations["recharge"];
    };
    "/console/v1/accounts/{account_id}/statements": {
        get: operations["listStatements"];
        post: operations["makeStatement"];
    };
    "/console/v1/accounts/{account_id}/transfers": {
        get: operations["listTransfers"];
    };
    "/console/v1/accounts/{account_id}/unlock": {
        post: operations["unlockAccount"];
    };
    "/console/v1/accounts/{account_id}/withdrawals": {
        post: operations["withdraw"];
    };
    "/console/v1/api-keys": {
        get: operations["listApiKeys"];
    };
    "/console/v1/api-keys/totals": {
        get: operations["totalApiKeys"];
    };
    "/console/v1/approval-delegates": {
        get: operations["listApprovalDelegates"];
    };
    "/console/v1/approval-delegates/mine": {
        put: operations["setApprovalDelegate"];
        delete: operations["endApprovalDelegate"];
    };
    "/console/v1/approval-rules": {
        get: operations["listApprovalRules"];
    };
    "/console/v1/approval-rules/{act}": {
        put: operations["setApprovalRule"];
    };
    "/console/v1/approvals": {
        get: operations["listApprovals"];
    };
    "/console/v1/approvals/decide": {
        post: operations["decideApprovals"];
    };
    "/console/v1/approvals/{approval_id}": {
        get: operations["getApproval"];
    };
    "/console/v1/approvals/{approval_id}/comments": {
        post: operations["commentApproval"];
    };
    "/console/v1/approvals/{approval_id}/decide": {
        post: operations["decideApproval"];
    };
    "/console/v1/approvals/{approval_id}/lines": {
        get: operations["listApprovalLines"];
    };
    "/console/v1/approvals/{approval_id}/withdraw": {
        post: operations["withdrawApproval"];
    };
    "/console/v1/audit": {
        get: operations["listAudit"];
    };
    "/console/v1/audit/totals": {
        get: operations["totalAudit"];
    };
    "/console/v1/batches": {
        get: operations["listBatches"];
    };
    "/console/v1/batches/bulk": {
        post: operations["actOnBatches"];
    };
    "/console/v1/batches/totals": {
        get: operations["totalBatches"];
    };
    "/console/v1/batches/{batch_id}": {
        get: operations["getBatch"];
    };
    "/console/v1/batches/{batch_id}/freeze": {
        post: operations["freezeBatch"];
    };
    "/console/v1/batches/{batch_id}/holders": {
        get: operations["listBatchHolders"];
    };
    "/console/v1/batches/{batch_id}/recall": {
        get: operations["lookAtRecall"];
        post: operations["recallBatch"];
    };
    "/console/v1/batches/{batch_id}/return": {
        post: operations["returnToSupplier"];
    };
    "/console/v1/batches/{batch_id}/shred": {
        post: operations["shredBatch"];
    };
    "/console/v1/batches/{batch_id}/unfreeze": {
        post: operations["unfreezeBatch"];
    };
    "/console/v1/batches/{batch_id}/void": {
        post: operations["voidCodes"];
    };
    "/console/v1/books": {
        get: operations["listBooks"];
        post: operations["openBook"];
    };
    "/console/v1/books/{book_id}/prices": {
        get: operations["listPrices"];
    };
    "/console/v1/brands": {
        get: operations["listBrands"];
        post: operations["addBrand"];
    };
    "/console/v1/brands/{brand_id}": {
        patch: operations["editBrand"];
    };
    "/console/v1/bulk-acts/{act_id}": {
        get: operations["getBulkAct"];
    };
    "/console/v1/bulk-acts/{act_id}/items": {
        get: operations["listBulkActItems"];
    };
    "/console/v1/bulk-acts/{act_id}/result": {
        get: operations["exportBulkActResult"];
    };
    "/console/v1/buyers": {
        get: operations["listBuyers"];
        post: operations["addBuyer"];
    };
    "/console/v1/buyers/bulk": {
        post: operations["actOnBuyers"];
    };
    "/console/v1/buyers/totals": {
        get: operations["totalBuyers"];
    };
    "/console/v1/buyers/{buyer_id}": {
        get: operations["getBuyer"];
        patch: operations["editBuyer"];
    };
    "/console/v1/buyers/{buyer_id}/keys": {
        post: operations["issueKey"];
    };
    "/console/v1/buyers/{buyer_id}/orders": {
        post: operations["placeOrderForBuyer"];
    };
    "/console/v1/buyers/{buyer_id}/paste": {
        post: operations["orderPasteForBuyer"];
    };
    "/console/v1/buyers/{buyer_id}/paste/check": {
        post: operations["checkPasteForBuyer"];
    };
    "/console/v1/buyers/{buyer_id}/price-subscriptions": {
        get: operations["listPriceSubscriptions"];
        put: operations["putPriceSubscription"];
    };
    "/console/v1/buyers/{buyer_id}/quotes": {
        post: operations["createQuoteForBuyer"];
    };
    "/console/v1/buyers/{buyer_id}/resume": {
        post: operations["resumeBuyer"];
    };
    "/console/v1/buyers/{buyer_id}/suspend": {
        post: operations["suspendBuyer"];
    };
    "/console/v1/buyers/{buyer_id}/tier": {
        put: operations["setTier"];
    };
    "/console/v1/calls": {
        get: operations["listCalls"];
    };
    "/console/v1/calls/companies": {
        get: operations["listCallingCompanies"];
    };
    "/console/v1/calls/stats": {
        get: operations["getCallStats"];
    };
    "/console/v1/calls/{call_id}": {
        get: operations["getCall"];
    };
    "/console/v1/calls/{call_id}/replay": {
        post: operations["replayCall"];
    };
    "/console/v1/cases": {
        get: operations["findCases"];
    };
    "/console/v1/claims/{claim_id}/end": {
        post: operations["endClaim"];
    };
    "/console/v1/clock": {
        get: operations["getClock"];
        put: operations["moveClock"];
    };
    "/console/v1/connections": {
        get: operations["listConnections"];
        post: operations["addConnection"];
    };
    "/console/v1/connections/totals": {
        get: operations["totalConnections"];
    };
    "/console/v1/connections/{connection_id}": {
        get: operations["getConnection"];
        put: operations["editConnection"];
    };
    "/console/v1/connections/{connection_id}/account": {
        get: operations["getSupplierAccount"];
    };
    "/console/v1/connections/{connection_id}/claims": {
        get: operations["listClaims"];
    };
    "/console/v1/connections/{connection_id}/days": {
        get: operations["listSettlementDays"];
    };
    "/console/v1/connections/{connection_id}/days/{day}": {
        get: operations["getSettlementDay"];
    };
    "/console/v1/connections/{connection_id}/days/{day}/close": {
        post: operations["closeDay"];
    };
    "/console/v1/connections/{connection_id}/days/{day}/evidence": {
        get: operations["exportEvidence"];
    };
    "/console/v1/connections/{connection_id}/days/{day}/lines": {
        get: operations["listStatementLines"];
    };
    "/console/v1/connections/{connection_id}/days/{day}/reconcile": {
        post: operations["reconcileDay"];
    };
    "/console/v1/connections/{connection_id}/days/{day}/statement": {
        post: operations["importStatement"];
    };
    "/console/v1/connections/{connection_id}/days/{day}/statement/pull": {
        post: operations["pullStatement"];
    };
    "/console/v1/connections/{connection_id}/expected-statements": {
        get: operations["listExpectedStatements"];
    };
    "/console/v1/connections/{connection_id}/goods": {
        get: operations["browseGoods"];
    };
    "/console/v1/connections/{connection_id}/payments": {
        get: operations["listSupplierPayments"];
        post: operations["paySupplier"];
    };
    "/console/v1/connections/{connection_id}/pull": {
        post: operations["pullConnection"];
    };
    "/console/v1/connections/{connection_id}/score": {
        get: operations["getConnectionScore"];
    };
    "/console/v1/connections/{connection_id}/statement-mapping": {
        get: operations["getStatementMapping"];
        put: operations["setStatementMapping"];
    };
    "/console/v1/connections/{connection_id}/statement-source": {
        get: operations["getStatementSource"];
        put: operations["setStatementSource"];
    };
    "/console/v1/connections/{connection_id}/statements": {
        get: operations["listSupplierStatements"];
    };
    "/console/v1/connections/{connection_id}/subscribe": {
        post: operations["subscribeConnection"];
    };
    "/console/v1/connections/{connection_id}/switch": {
        post: operations["switchConnection"];
    };
    "/console/v1/connections/{connection_id}/try": {
        post: operations["tryConnection"];
    };
    "/console/v1/contacts/{contact_id}": {
        delete: operations["dropContact"];
    };
    "/console/v1/contacts/{contact_id}/reveal": {
        post: operations["revealContact"];
    };
    "/console/v1/credit-ageing": {
        get: operations["listCreditAgeing"];
    };
    "/console/v1/credit-ageing/totals": {
        get: operations["totalCreditAgeing"];
    };
    "/console/v1/custody": {
        get: operations["getCustody"];
    };
    "/console/v1/custody/trace": {
        post: operations["traceCode"];
    };
    "/console/v1/declared": {
        get: operations["listDeclared"];
    };
    "/console/v1/declared/{offer_id}": {
        put: operations["declareStock"];
    };
    "/console/v1/differences": {
        get: operations["listDifferences"];
    };
    "/console/v1/differences/{difference_id}/resolve": {
        post: operations["resolveDifference"];
    };
    "/console/v1/events": {
        get: operations["listenToEvents"];
    };
    "/console/v1/exchange/positions": {
        get: operations["listExchangePositions"];
    };
    "/console/v1/exchange/result": {
        get: operations["getExchangeResult"];
    };
    "/console/v1/exports": {
        get: operations["listExports"];
        post: operations["beginExport"];
    };
    "/console/v1/exports/{export_id}": {
        get: operations["getExport"];
    };
    "/console/v1/exports/{export_id}/fetch": {
        post: operations["fetchExport"];
    };
    "/console/v1/exports/{export_id}/password": {
        post: operations["showExportPassword"];
    };
    "/console/v1/faces/xianguanjia/application": {
        get: operations["getXianguanjiaApplication"];
        put: operations["enterXianguanjiaApplication"];
    };
    "/console/v1/first-steps": {
        get: operations["firstSteps"];
    };
    "/console/v1/fix-requests": {
        get: operations["listFixRequests"];
    };
    "/console/v1/fix-terms": {
        get: operations["getFixTerms"];
        put: operations["setFixTerms"];
    };
    "/console/v1/floors": {
        get: operations["listFloors"];
        put: operations["setFloor"];
    };
    "/console/v1/imports": {
        post: operations["importCodes"];
    };
    "/console/v1/imports/{import_id}/faults": {
        get: operations["exportFaults"];
    };
    "/console/v1/inbox": {
        get: operations["getInbox"];
    };
    "/console/v1/intakes": {
        get: operations["listIntakes"];
    };
    "/console/v1/intakes/{intake_id}/refuse": {
        post: operations["refuseIntake"];
    };
    "/console/v1/intakes/{intake_id}/release": {
        post: operations["releaseIntake"];
    };
    "/console/v1/invitations": {
        get: operations["listInvitations"];
        post: operations["invite"];
    };
    "/console/v1/invitations/{invitation_id}": {
        delete: operations["revokeInvitation"];
    };
    "/console/v1/jobs": {
        get: operations["listJobs"];
    };
    "/console/v1/jobs/totals": {
        get: operations["totalJobs"];
    };
    "/console/v1/jobs/{job_id}": {
        get: operations["getJob"];
    };
    "/console/v1/jobs/{job_id}/cancel": {
        post: operations["cancelJob"];
    };
    "/console/v1/join": {
        post: operations["join"];
    };
    "/console/v1/join/look": {
        post: operations["lookAtInvitation"];
    };
    "/console/v1/journal": {
        get: operations["listJournal"];
    };
    "/console/v1/journal/totals": {
        get: operations["totalJournal"];
    };
    "/console/v1/journal/{transfer_id}": {
        get: operations["getTransfer"];
    };
    "/console/v1/keys": {
        get: operations["listKeys"];
    };
    "/console/v1/keys/{key_id}": {
        patch: operations["changeKey"];
    };
    "/console/v1/keys/{key_id}/revoke": {
        post: operations["revokeKey"];
    };
    "/console/v1/keys/{key_id}/rotate": {
        post: operations["rotateKey"];
    };
    "/console/v1/me": {
        get: operations["getMe"];
    };
    "/console/v1/me/factors": {
        get: operations["listFactors"];
    };
    "/console/v1/me/mode": {
        put: operations["setMode"];
    };
    "/console/v1/me/passkeys": {
        post: operations["addPasskey"];
    };
    "/console/v1/me/passkeys/options": {
        post: operations["beginPasskey"];
    };
    "/console/v1/me/passkeys/{passkey_id}": {
        delete: operations["dropPasskey"];
    };
    "/console/v1/me/password": {
        put: operations["changePassword"];
    };
    "/console/v1/me/recovery-codes": {
        post: operations["makeRecoveryCodes"];
    };
    "/console/v1/me/totp": {
        post: operations["enrolTotp"];
        delete: operations["dropTotp"];
    };
    "/console/v1/me/totp/confirm": {
        post: operations["confirmTotp"];
    };
    "/console/v1/meta/enums": {
        get: operations["listEnums"];
    };
    "/console/v1/name-lists": {
        get: operations["listNameLists"];
        post: operations["uploadNameList"];
    };
    "/console/v1/names": {
        get: operations["namesOf"];
    };
    "/console/v1/notices": {
        get: operations["listNotices"];
    };
    "/console/v1/notices/seen": {
        post: operations["seeNotices"];
    };
    "/console/v1/objections": {
        get: operations["listObjections"];
    };
    "/console/v1/objections/{objection_id}/answer": {
        post: operations["answerObjection"];
    };
    "/console/v1/objections/{objection_id}/file": {
        get: operations["getObjectionFile"];
    };
    "/console/v1/offers": {
        get: operations["listOffers"];
        post: operations["linkOffer"];
    };
    "/console/v1/offers/{offer_id}": {
        patch: operations["setOffer"];
    };
    "/console/v1/order-files": {
        get: operations["listOrderFiles"];
        post: operations["uploadOrderFileForBuyer"];
    };
    "/console/v1/order-files/check": {
        post: operations["checkOrderFileForBuyer"];
    };
    "/console/v1/order-files/{sheet_id}": {
        get: operations["getOrderFileForConsole"];
    };
    "/console/v1/order-files/{sheet_id}/cancel": {
        post: operations["cancelOrderFileForConsole"];
    };
    "/console/v1/order-files/{sheet_id}/result": {
        get: operations["getOrderFileResultForConsole"];
    };
    "/console/v1/orders": {
        get: operations["listOrdersForConsole"];
    };
    "/console/v1/orders/bulk": {
        post: operations["actOnOrders"];
    };
    "/console/v1/orders/totals": {
        get: operations["totalOrdersForConsole"];
    };
    "/console/v1/orders/{order_id}/approve": {
        post: operations["approveOrder"];
    };
    "/console/v1/orders/{order_id}/block": {
        post: operations["blockOrder"];
    };
    "/console/v1/orders/{order_id}/cancel": {
        post: operations["cancelOrderByStaff"];
    };
    "/console/v1/orders/{order_id}/lines/{line_no}/fields": {
        post: operations["correctLineForBuyer"];
    };
    "/console/v1/orders/{order_id}/lines/{line_no}/reveal": {
        post: operations["revealCode"];
    };
    "/console/v1/orders/{order_id}/lines/{line_no}/withdraw-fix": {
        post: operations["withdrawFixRequest"];
    };
    "/console/v1/orders/{order_id}/log": {
        get: operations["getWorkLogForConsole"];
    };
    "/console/v1/orders/{order_id}/pages": {
        get: operations["listAuthenticityPages"];
    };
    "/console/v1/orders/{order_id}/proof": {
        get: operations["getOrderProofForConsole"];
    };
    "/console/v1/orders/{order_id}/purchases": {
        get: operations["listPurchasesOfOrder"];
    };
    "/console/v1/orders/{order_id}/reverse": {
        post: operations["reverseLine"];
    };
    "/console/v1/orders/{order_id}/snapshot": {
        get: operations["getOrderSnapshotForConsole"];
    };
    "/console/v1/organisations": {
        get: operations["listOrganisations"];
    };
    "/console/v1/organisations/{organisation_id}/contacts": {
        get: operations["listContacts"];
        post: operations["addContact"];
    };
    "/console/v1/organisations/{organisation_id}/people/{person_id}": {
        patch: operations["setPersonStatus"];
    };
    "/console/v1/organisations/{organisation_id}/people/{person_id}/role": {
        put: operations["setRole"];
    };
    "/console/v1/own/balance": {
        get: operations["getMyBalance"];
    };
    "/console/v1/own/business": {
        get: operations["getMyBusiness"];
        put: operations["setMyBusiness"];
    };
    "/console/v1/own/calls": {
        get: operations["listMyCalls"];
    };
    "/console/v1/own/calls/stats": {
        get: operations["getMyCallStats"];
    };
    "/console/v1/own/calls/{call_id}": {
        get: operations["getMyCall"];
    };
    "/console/v1/own/calls/{call_id}/replay": {
        post: operations["replayMyCall"];
    };
    "/console/v1/own/connections": {
        get: operations["listMyConnections"];
    };
    "/console/v1/own/connections/{connection_id}/days": {
        get: operations["listMySettlementDays"];
    };
    "/console/v1/own/connections/{connection_id}/days/{day}/differences": {
        get: operations["listMyDifferences"];
    };
    "/console/v1/own/connections/{connection_id}/days/{day}/lines": {
        get: operations["listMyStatementLines"];
    };
    "/console/v1/own/connections/{connection_id}/days/{day}/objections": {
        post: operations["objectToMyDay"];
    };
    "/console/v1/own/connections/{connection_id}/days/{day}/papers": {
        get: operations["exportMyDay"];
    };
    "/console/v1/own/connections/{connection_id}/payments": {
        get: operations["listMyPayments"];
    };
    "/console/v1/own/connections/{connection_id}/statements": {
        get: operations["listMySupplierStatements"];
    };
    "/console/v1/own/connections/{connection_id}/troubles": {
        get: operations["listMyTroubles"];
    };
    "/console/v1/own/connections/{connection_id}/try": {
        post: operations["tryMyConnection"];
    };
    "/console/v1/own/departments": {
        get: operations["listMyDepartments"];
        post: operations["openMyDepartment"];
    };
    "/console/v1/own/departments/{department_id}": {
        get: operations["getMyDepartment"];
        patch: operations["editMyDepartment"];
    };
    "/console/v1/own/departments/{department_id}/budget-moves": {
        post: operations["moveMyBudget"];
    };
    "/console/v1/own/departments/{department_id}/close": {
        post: operations["closeMyDepartment"];
    };
    "/console/v1/own/departments/{department_id}/keys": {
        post: operations["issueMyDepartmentKey"];
    };
    "/console/v1/own/departments/{department_id}/members/{person_id}": {
        put: operations["setMyDepartmentMember"];
        delete: operations["dropMyDepartmentMember"];
    };
    "/console/v1/own/departments/{department_id}/statements": {
        get: operations["listMyDepartmentStatements"];
        post: operations["makeMyDepartmentStatement"];
    };
    "/console/v1/own/departments/{department_id}/statements/{statement_id}/export": {
        get: operations["exportMyDepartmentStatement"];
    };
    "/console/v1/own/departments/{department_id}/transfers": {
        get: operations["listMyDepartmentTransfers"];
    };
    "/console/v1/own/goods": {
        get: operations["listMyGoods"];
    };
    "/console/v1/own/intakes": {
        get: operations["listMyIntakes"];
        post: operations["bringMyCodes"];
    };
    "/console/v1/own/intakes/{intake_id}": {
        get: operations["getMyIntake"];
    };
    "/console/v1/own/keys": {
        get: operations["listMyKeys"];
        post: operations["issueMyKey"];
    };
    "/console/v1/own/keys/{key_id}": {
        patch: operations["changeMyKey"];
    };
    "/console/v1/own/keys/{key_id}/revoke": {
        post: operations["revokeMyKey"];
    };
    "/console/v1/own/keys/{key_id}/rotate": {
        post: operations["rotateMyKey"];
    };
    "/console/v1/own/objections": {
        get: operations["listMyObjections"];
    };
    "/console/v1/own/objections/{objection_id}/file": {
        get: operations["getMyObjectionFile"];
        put: operations["keepMyObjectionFile"];
    };
    "/console/v1/own/offers": {
        get: operations["listMyOffers"];
    };
    "/console/v1/own/offers/sheet": {
        get: operations["exportMyOffers"];
        post: operations["declareMyOffers"];
    };
    "/console/v1/own/offers/totals": {
        get: operations["totalMyOffers"];
    };
    "/console/v1/own/order-files": {
        get: operations["listMyOrderFiles"];
        post: operations["uploadMyOrderFile"];
    };
    "/console/v1/own/order-files/check": {
        post: operations["checkMyOrderFile"];
    };
    "/console/v1/own/order-files/{sheet_id}": {
        get: operations["getMyOrderFile"];
    };
    "/console/v1/own/order-files/{sheet_id}/cancel": {
        post: operations["cancelMyOrderFile"];
    };
    "/console/v1/own/order-files/{sheet_id}/result": {
        get: operations["getMyOrderFileResult"];
    };
    "/console/v1/own/orders": {
        get: operations["listMyOrders"];
        post: operations["placeMyOrder"];
    };
    "/console/v1/own/orders/batch": {
        post: operations["placeMyOrders"];
    };
    "/console/v1/own/orders/export": {
        get: operations["exportMyOrders"];
    };
    "/console/v1/own/orders/totals": {
        get: operations["totalMyOrders"];
    };
    "/console/v1/own/orders/{order_id}": {
        get: operations["getMyOrder"];
    };
    "/console/v1/own/orders/{order_id}/cancel": {
        post: operations["cancelMyOrder"];
    };
    "/console/v1/own/orders/{order_id}/codes": {
        get: operations["listMyCodes"];
    };
    "/console/v1/own/orders/{order_id}/lines/{line_no}/codes/{position}/reveal": {
        post: operations["revealMyCode"];
    };
    "/console/v1/own/orders/{order_id}/lines/{line_no}/fields": {
        post: operations["correctMyLine"];
    };
    "/console/v1/own/orders/{order_id}/log": {
        get: operations["getMyWorkLog"];
    };
    "/console/v1/own/orders/{order_id}/pages": {
        get: operations["listMyAuthenticityPages"];
    };
    "/console/v1/own/orders/{order_id}/proof": {
        get: operations["getMyOrderProof"];
    };
    "/console/v1/own/orders/{order_id}/snapshot": {
        get: operations["getMyOrderSnapshot"];
    };
    "/console/v1/own/paste": {
        post: operations["orderMyPaste"];
    };
    "/console/v1/own/paste/check": {
        post: operations["checkMyPaste"];
    };
    "/console/v1/own/people": {
        get: operations["listMyPeople"];
        post: operations["addMyPerson"];
    };
    "/console/v1/own/people/{person_id}": {
        patch: operations["setMyPersonStatus"];
    };
    "/console/v1/own/people/{person_id}/role": {
        put: operations["setMyPersonRole"];
    };
    "/console/v1/own/price-subscriptions": {
        get: operations["listMyPriceSubscriptions"];
        put: operations["putMyPriceSubscription"];
    };
    "/console/v1/own/price-subscriptions/{subscription_id}": {
        delete: operations["removeMyPriceSubscription"];
    };
    "/console/v1/own/quota": {
        get: operations["getMyQuota"];
    };
    "/console/v1/own/quotes": {
        post: operations["createMyQuote"];
    };
    "/console/v1/own/request-goods": {
        get: operations["listGoodsToAskFor"];
    };
    "/console/v1/own/requests": {
        get: operations["listMyRequests"];
        post: operations["askToBuy"];
    };
    "/console/v1/own/requests/{request_id}": {
        get: operations["getMyRequest"];
    };
    "/console/v1/own/requests/{request_id}/decide": {
        post: operations["decideMyRequest"];
    };
    "/console/v1/own/requests/{request_id}/withdraw": {
        post: operations["withdrawMyRequest"];
    };
    "/console/v1/own/sales": {
        get: operations["getMySales"];
    };
    "/console/v1/own/standing": {
        get: operations["getMyStanding"];
    };
    "/console/v1/own/statements": {
        get: operations["listMyStatements"];
    };
    "/console/v1/own/statements/{statement_id}/export": {
        get: operations["exportMyStatement"];
    };
    "/console/v1/own/supply": {
        get: operations["getMySupply"];
    };
    "/console/v1/own/supply-keys": {
        post: operations["issueMySupplyKey"];
    };
    "/console/v1/own/supply-requests/results": {
        post: operations["provideMyRequests"];
    };
    "/console/v1/own/transfers": {
        get: operations["listMyTransfers"];
    };
    "/console/v1/own/transfers/totals": {
        get: operations["totalMyTransfers"];
    };
    "/console/v1/own/webhook-deliveries": {
        get: operations["listMyDeliveries"];
    };
    "/console/v1/own/webhook-deliveries/replay": {
        post: operations["replayMyDeliveries"];
    };
    "/console/v1/own/webhook-deliveries/{delivery_id}": {
        get: operations["getMyDelivery"];
    };
    "/console/v1/own/webhook-endpoints": {
        get: operations["listMyEndpoints"];
        post: operations["addMyEndpoint"];
    };
    "/console/v1/own/webhook-endpoints/{endpoint_id}": {
        patch: operations["changeMyEndpoint"];
    };
    "/console/v1/own/webhook-endpoints/{endpoint_id}/disable": {
        post: operations["disableMyEndpoint"];
    };
    "/console/v1/own/webhook-endpoints/{endpoint_id}/pause": {
        post: operations["pauseMyEndpoint"];
    };
    "/console/v1/own/webhook-endpoints/{endpoint_id}/resume": {
        post: operations["resumeMyEndpoint"];
    };
    "/console/v1/own/webhook-endpoints/{endpoint_id}/rotate": {
        post: operations["rotateMyEndpointSecret"];
    };
    "/console/v1/own/webhook-endpoints/{endpoint_id}/test": {
        post: operations["testMyEndpoint"];
    };
    "/console/v1/own/webhook-endpoints/{endpoint_id}/verify": {
        post: operations["checkMySignature"];
    };
    "/console/v1/own/webhook-resends": {
        post: operations["beginMyResend"];
    };
    "/console/v1/own/webhook-resends/{job_id}": {
        get: operations["getMyResend"];
    };
    "/console/v1/own/webhook-resends/{job_id}/cancel": {
        post: operations["cancelMyResend"];
    };
    "/console/v1/paper-kinds": {
        get: operations["listPaperKinds"];
    };
    "/console/v1/paper-rules": {
        get: operations["listPaperRules"];
        post: operations["addPaperRule"];
    };
    "/console/v1/papers": {
        get: operations["listPapers"];
    };
    "/console/v1/papers/{paper_id}/accept": {
        post: operations["acceptPaper"];
    };
    "/console/v1/papers/{paper_id}/file": {
        get: operations["readPaperFile"];
        put: operations["keepPaperFile"];
    };
    "/console/v1/papers/{paper_id}/refuse": {
        post: operations["refusePaper"];
    };
    "/console/v1/papers/{paper_id}/withdraw": {
        post: operations["withdrawPaper"];
    };
    "/console/v1/people": {
        get: operations["listPeople"];
        post: operations["addPerson"];
    };
    "/console/v1/people/{person_id}/end-sessions": {
        post: operations["endSessionsOf"];
    };
    "/console/v1/people/{person_id}/reset-factors": {
        post: operations["resetFactors"];
    };
    "/console/v1/price-changes": {
        get: operations["listPriceChanges"];
    };
    "/console/v1/price-changes/{change_id}/undo": {
        post: operations["undoPriceChange"];
    };
    "/console/v1/price-follows": {
        get: operations["listPriceFollows"];
        put: operations["setPriceFollow"];
    };
    "/console/v1/price-matrix": {
        get: operations["getPriceMatrix"];
    };
    "/console/v1/price-proposals": {
        get: operations["listPriceProposals"];
    };
    "/console/v1/price-proposals/{proposal_id}/decide": {
        post: operations["decidePriceProposal"];
    };
    "/console/v1/price-subscriptions/{subscription_id}": {
        delete: operations["removePriceSubscription"];
    };
    "/console/v1/price-templates": {
        get: operations["listTemplates"];
        put: operations["saveTemplate"];
    };
    "/console/v1/price-templates/{template_id}/apply": {
        post: operations["applyTemplate"];
    };
    "/console/v1/price-templates/{template_id}/preview": {
        post: operations["previewTemplate"];
    };
    "/console/v1/prices": {
        post: operations["setPrices"];
    };
    "/console/v1/prices/preview": {
        post: operations["previewPrices"];
    };
    "/console/v1/products": {
        get: operations["listProducts"];
        post: operations["addProduct"];
    };
    "/console/v1/products/{product_id}": {
        patch: operations["editProduct"];
    };
    "/console/v1/protocols": {
        get: operations["listProtocols"];
    };
    "/console/v1/pulse": {
        get: operations["getPulse"];
    };
    "/console/v1/purchases": {
        get: operations["listPurchasesForPeople"];
    };
    "/console/v1/purchases/totals": {
        get: operations["totalPurchasesForPeople"];
    };
    "/console/v1/purchases/{purchase_id}/decide": {
        post: operations["decidePurchase"];
    };
    "/console/v1/purchases/{purchase_id}/evidence": {
        post: operations["openEvidence"];
    };
    "/console/v1/quarantines": {
        get: operations["listQuarantines"];
    };
    "/console/v1/quarantines/{quarantine_id}/confirm": {
        post: operations["confirmQuarantine"];
    };
    "/console/v1/quarantines/{quarantine_id}/release": {
        post: operations["releaseQuarantine"];
    };
    "/console/v1/quota": {
        get: operations["getQuota"];
    };
    "/console/v1/rates": {
        get: operations["listRates"];
        post: operations["setRates"];
    };
    "/console/v1/rates/current": {
        get: operations["listCurrentRates"];
    };
    "/console/v1/rates/file": {
        post: operations["importRates"];
    };
    "/console/v1/rates/limits": {
        get: operations["getRateLimits"];
        put: operations["setRateLimits"];
    };
    "/console/v1/restock/limits": {
        get: operations["getRestockLimits"];
        put: operations["setRestockLimits"];
    };
    "/console/v1/restock/policies": {
        get: operations["listRestockPolicies"];
    };
    "/console/v1/restocks": {
        get: operations["listRestocks"];
    };
    "/console/v1/restocks/{restock_id}": {
        get: operations["getRestock"];
    };
    "/console/v1/restocks/{restock_id}/approve": {
        post: operations["approveRestock"];
    };
    "/console/v1/restocks/{restock_id}/refuse": {
        post: operations["refuseRestock"];
    };
    "/console/v1/reveals": {
        get: operations["listReveals"];
    };
    "/console/v1/risk/decisions": {
        get: operations["listRiskDecisions"];
    };
    "/console/v1/risk/decisions/{decision_id}": {
        get: operations["getRiskDecision"];
    };
    "/console/v1/risk/lists": {
        get: operations["listRiskEntries"];
        post: operations["addRiskEntry"];
    };
    "/console/v1/risk/lists/{entry_id}/remove": {
        post: operations["removeRiskEntry"];
    };
    "/console/v1/risk/rules": {
        get: operations["listRiskRules"];
        post: operations["createRiskRule"];
    };
    "/console/v1/risk/rules/{rule_id}": {
        patch: operations["editRiskRule"];
    };
    "/console/v1/roles": {
        get: operations["listRoles"];
        post: operations["makeRole"];
    };
    "/console/v1/roles/{role_id}": {
        put: operations["editRole"];
        delete: operations["deleteRole"];
    };
    "/console/v1/sandbox": {
        get: operations["getSandboxState"];
    };
    "/console/v1/sandbox/reset": {
        post: operations["resetSandbox"];
    };
    "/console/v1/sandbox/sync": {
        post: operations["syncSandbox"];
    };
    "/console/v1/sandbox/top-ups": {
        post: operations["giveMoneyToPlay"];
    };
    "/console/v1/search": {
        get: operations["search"];
    };
    "/console/v1/security-policy": {
        get: operations["getSecurityPolicy"];
        put: operations["setSecurityPolicy"];
    };
    "/console/v1/sessions": {
        get: operations["listSessions"];
        post: operations["signIn"];
    };
    "/console/v1/sessions/current": {
        delete: operations["signOut"];
    };
    "/console/v1/sessions/current/organisation": {
        post: operations["changeOrganisation"];
    };
    "/console/v1/sessions/current/proof": {
        post: operations["prove"];
    };
    "/console/v1/sessions/current/proof/options": {
        post: operations["askProofPasskey"];
    };
    "/console/v1/sessions/end-others": {
        post: operations["endOtherSessions"];
    };
    "/console/v1/sessions/factor": {
        post: operations["signInByFactor"];
    };
    "/console/v1/sessions/factor/options": {
        post: operations["askFactorPasskey"];
    };
    "/console/v1/sessions/passkey": {
        post: operations["signInByPasskey"];
    };
    "/console/v1/sessions/passkey/options": {
        post: operations["askPasskey"];
    };
    "/console/v1/sessions/{session_id}": {
        delete: operations["endSession"];
    };
    "/console/v1/skus": {
        get: operations["listSkus"];
        post: operations["createSku"];
    };
    "/console/v1/skus/bulk": {
        post: operations["actOnSkus"];
    };
    "/console/v1/skus/totals": {
        get: operations["totalSkus"];
    };
    "/console/v1/skus/{sku_id}": {
        get: operations["getSku"];
        delete: operations["deleteSku"];
        patch: operations["editSku"];
    };
    "/console/v1/skus/{sku_id}/delist": {
        post: operations["delistSku"];
    };
    "/console/v1/skus/{sku_id}/list": {
        post: operations["listSku"];
    };
    "/console/v1/skus/{sku_id}/prices": {
        get: operations["priceHistory"];
    };
    "/console/v1/skus/{sku_id}/restock-policy": {
        put: operations["setRestockPolicy"];
    };
    "/console/v1/skus/{sku_id}/route": {
        get: operations["routeSku"];
    };
    "/console/v1/skus/{sku_id}/sources": {
        get: operations["listSkuSources"];
    };
    "/console/v1/skus/{sku_id}/stock": {
        get: operations["getStock"];
    };
    "/console/v1/skus/{sku_id}/supply-policy": {
        put: operations["setSupplyPolicy"];
    };
    "/console/v1/skus/{sku_id}/why": {
        get: operations["whyThisPrice"];
    };
    "/console/v1/statements/{statement_id}/export": {
        get: operations["exportStatement"];
    };
    "/console/v1/stock/low": {
        get: operations["listLowStock"];
    };
    "/console/v1/suppliers": {
        get: operations["listSuppliers"];
        post: operations["addSupplier"];
    };
    "/console/v1/suppliers/totals": {
        get: operations["totalSuppliers"];
    };
    "/console/v1/suppliers/{supplier_id}": {
        patch: operations["editSupplier"];
    };
    "/console/v1/suppliers/{supplier_id}/company": {
        put: operations["setSupplierCompany"];
    };
    "/console/v1/suppliers/{supplier_id}/deposit": {
        get: operations["getSupplierDeposit"];
        post: operations["receiveSupplierDeposit"];
    };
    "/console/v1/suppliers/{supplier_id}/keys": {
        post: operations["issueSupplierKey"];
    };
    "/console/v1/suppliers/{supplier_id}/papers": {
        post: operations["submitPaper"];
    };
    "/console/v1/suppliers/{supplier_id}/quarantines": {
        post: operations["quarantineSupplier"];
    };
    "/console/v1/suppliers/{supplier_id}/standing": {
        get: operations["getSupplierStanding"];
    };
    "/console/v1/suppliers/{supplier_id}/terms": {
        get: operations["listSupplierTerms"];
        post: operations["setSupplierTerms"];
    };
    "/console/v1/supply-requests": {
        get: operations["listSupplyRequests"];
    };
    "/console/v1/supply-requests/{purchase_id}/give-back": {
        post: operations["giveBackSupplyRequest"];
    };
    "/console/v1/supply-requests/{purchase_id}/provide": {
        post: operations["provideSupplyRequest"];
    };
    "/console/v1/supply-requests/{purchase_id}/refuse": {
        post: operations["refuseSupplyRequest"];
    };
    "/console/v1/supply-requests/{purchase_id}/take": {
        post: operations["takeSupplyRequest"];
    };
    "/console/v1/system": {
        get: operations["getSystem"];
    };
    "/console/v1/tax-rules": {
        get: operations["listTaxRules"];
        post: operations["addTaxRule"];
    };
    "/console/v1/tiers": {
        get: operations["listTiers"];
        post: operations["addTier"];
    };
    "/console/v1/tiers/{tier_id}": {
        put: operations["editTier"];
        delete: operations["dropTier"];
    };
    "/console/v1/trial-balance": {
        get: operations["getTrialBalance"];
    };
    "/console/v1/turns": {
        get: operations["listTurns"];
    };
    "/console/v1/uploads": {
        get: operations["listUploads"];
        post: operations["uploadFile"];
    };
    "/console/v1/uploads/{upload_id}": {
        get: operations["getUpload"];
        delete: operations["discardUpload"];
    };
    "/console/v1/uploads/{upload_id}/check": {
        post: operations["checkUpload"];
    };
    "/console/v1/uploads/{upload_id}/columns": {
        put: operations["setUploadColumns"];
    };
    "/console/v1/uploads/{upload_id}/commit": {
        post: operations["commitUpload"];
    };
    "/console/v1/uploads/{upload_id}/rejected": {
        get: operations["exportRejectedRows"];
    };
    "/console/v1/uploads/{upload_id}/result": {
        get: operations["exportUploadResult"];
    };
    "/console/v1/uploads/{upload_id}/rows": {
        patch: operations["repairUpload"];
    };
    "/console/v1/uploads/{upload_id}/undo": {
        post: operations["undoUpload"];
    };
    "/console/v1/views": {
        get: operations["listViews"];
        put: operations["saveView"];
    };
    "/console/v1/views/{view_id}": {
        delete: operations["deleteView"];
    };
    "/console/v1/webhook-deliveries": {
        get: operations["listWebhookDeliveries"];
    };
    "/console/v1/webhook-deliveries/replay": {
        post: operations["replayWebhookDeliveries"];
    };
    "/console/v1/webhook-deliveries/{delivery_id}": {
        get: operations["getWebhookDelivery"];
    };
    "/console/v1/webhook-endpoints": {
        get: operations["listWebhookEndpoints"];
        post: operations["addWebhookEndpoint"];
    };
    "/console/v1/webhook-endpoints/{endpoint_id}": {
        patch: operations["changeWebhookEndpoint"];
    };
    "/console/v1/webhook-endpoints/{endpoint_id}/disable": {
        post: operations["disableWebhookEndpoint"];
    };
    "/console/v1/webhook-endpoints/{endpoint_id}/pause": {
        post: operations["pauseWebhookEndpoint"];
    };
    "/console/v1/webhook-endpoints/{endpoint_id}/resume": {
        post: operations["resumeWebhookEndpoint"];
    };
    "/console/v1/webhook-endpoints/{endpoint_id}/rotate": {
        post: operations["rotateWebhookSecret"];
    };
    "/console/v1/webhook-endpoints/{endpoint_id}/test": {
        post: operations["testWebhookEndpoint"];
    };
    "/console/v1/webhook-endpoints/{endpoint_id}/verify": {
        post: operations["checkWebhookSignature"];
    };
    "/console/v1/webhook-health": {
        get: operations["listWebhookHealth"];
    };
    "/console/v1/webhook-health/totals": {
        get: operations["totalWebhookHealth"];
    };
    "/console/v1/webhook-resends": {
        post: operations["beginResend"];
    };
    "/console/v1/webhook-resends/{job_id}": {
        get: operations["getResend"];
    };
    "/console/v1/webhook-resends/{job_id}/cancel": {
        post: operations["cancelResend"];
    };
    "/console/v1/work": {
        get: operations["listWork"];
    };
    "/console/v1/work/bulk": {
        post: operations["actOnWork"];
    };
    "/console/v1/work/totals": {
        get: operations["totalWork"];
    };
    "/console/v1/work/{order_id}/{line_no}/claim": {
        post: operations["claimWork"];
    };
    "/console/v1/work/{order_id}/{line_no}/deliver": {
        post: operations["deliverWork"];
    };
    "/console/v1/work/{order_id}/{line_no}/fail": {
        post: operations["failWork"];
    };
    "/console/v1/work/{order_id}/{line_no}/fields": {
        post: operations["revealWorkFields"];
    };
    "/console/v1/work/{order_id}/{line_no}/give-back": {
        post: operations["giveBackWork"];
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** AcceptIn */
        AcceptIn: {
            sha256: string;
        };
        /** AccountList */
        AccountList: {
            items: components["schemas"]["AccountOut"][];
            /** @default null */
            next?: string | null;
        };
        /** AccountOut */
        AccountOut: {
            available: components["schemas"]["Money"] | null;
            balance: components["schemas"]["Money"];
            /** @default null */
            credit?: components["schemas"]["CreditOut"] | null;
            credit_limit: components["schemas"]["Money"];
            held: components["schemas"]["Money"];
            id: string;
            kind: string;
            lock_reasons: string[];
            owner_id: string;
            /** @enum {unknown} */
            state: "closed" | "locked" | "open";
            sub: string;
        };
        /** ActOut */
        ActOut: {
            /** @enum {unknown} */
            action: "cancel" | "delist" | "fail" | "freeze" | "give_back" | "list" | "resend_webhooks" | "resume" | "set_max_quantity" | "set_tax_category" | "set_tier" | "suspend" | "unfreeze" | "void";
            args: {
                [key: string]: string;
            };
            counts: {
                [key: string]: number;
            };
            filter: {
                [key: string]: string | string[];
            } | null;
            id: string;
            job_id: string;
            /** @enum {unknown} */
            list: "batches" | "buyers" | "orders" | "skus" | "work";
            /** Format: date-time */
            made_at: string;
            made_by: string;
            total: number;
        };
        /** AdjustIn */
        AdjustIn: {
            amount: components["schemas"]["Money"];
            reason: string;
            reference: string;
        };
        /** AllotIn */
        AllotIn: {
            amount: components["schemas"]["Money"];
            /** @default null */
            memo?: string | null;
            to_account_id: string;
        };
        /** AnswerIn */
        AnswerIn: {
            /** @enum {unknown} */
            outcome: "accepted" | "refused";
            /** @default  */
            reply?: string;
        };
        /** ApplicationIn */
        ApplicationIn: {
            app_id: string;
            app_secret: string;
        };
        /** ApplicationOut */
        ApplicationOut: {
            app_id: string | null;
        };
        /** AppliedOut */
        AppliedOut: {
            change: components["schemas"]["ChangeOut"] | null;
        };
        /** ApplyIn */
        ApplyIn: {
            book_id: string;
            /** @default null */
            filter?: components["schemas"]["OfSkus"] | null;
            hash: string;
            /** @default  */
            reason?: string;
            /** @default null */
            sku_ids?: string[] | null;
        };
        /** ApprovalAsked */
        ApprovalAsked: {
            /** @enum {unknown} */
            act: "approvals.weaken" | "ledger.adjust" | "ledger.set_credit" | "ledger.withdraw" | "orders.recall_refund" | "pricing.change" | "pricing.floor" | "stock.export" | "stock.shred" | "stock.void" | "tenancy.widen_role";
            approval_id: string;
            /** Format: date-time */
            due_at: string;
            /** @enum {unknown} */
            status: "approved" | "expired" | "failed" | "open" | "refused" | "withdrawn";
        };
        /** ApprovalFile */
        ApprovalFile: {
            approval: components["schemas"]["ApprovalOut"];
            comments: components["schemas"]["CommentOut"][];
            payload: unknown;
            people: components["schemas"]["PersonRef"][];
        };
        /** ApprovalLineOut */
        ApprovalLineOut: {
            after: string;
            before: string;
            currency: string;
            move_bp: number | null;
            n: number;
            place: string;
            subject: string;
            warning: string;
        };
        /** ApprovalList */
        ApprovalList: {
            items: components["schemas"]["ApprovalOut"][];
            next: string | null;
        };
        /** ApprovalOut */
        ApprovalOut: {
            /** @enum {unknown} */
            act: "approvals.weaken" | "ledger.adjust" | "ledger.set_credit" | "ledger.withdraw" | "orders.recall_refund" | "pricing.change" | "pricing.floor" | "stock.export" | "stock.shred" | "stock.void" | "tenancy.widen_role";
            after: Record<string, never>;
            amount: components["schemas"]["Money"] | null;
            /** Format: date-time */
            asked_at: string;
            before: Record<string, never>;
            count: number | null;
            decision: components["schemas"]["commissary.approvals.wire.DecisionOut"] | null;
            /** Format: date-time */
            due_at: string;
            /** Format: date-time */
            expires_at: string;
            id: string;
            instead_of: components["schemas"]["PersonRef"] | null;
            lines: number;
            maker: components["schemas"]["PersonRef"];
            may_decide: boolean;
            mentioned_at: string | null;
            move_bp: number | null;
            reason: string;
            role: string;
            seal: string;
            /** @enum {unknown} */
            status: "approved" | "expired" | "failed" | "open" | "refused" | "withdrawn";
            subject: string;
            unit: ("acts" | "codes" | "rights" | "skus") | null;
        };
        /** ApprovalRuleIn */
        ApprovalRuleIn: {
            /** @default null */
            above_amount?: components["schemas"]["Money"] | null;
            /** @default null */
            above_bp?: number | null;
            /** @default null */
            above_count?: number | null;
            /** @default 1440 */
            due_minutes?: number;
            /** @enum {unknown} */
            mode: "above" | "always" | "off";
            /** @default  */
            role?: string;
            /** @default 0 */
            version?: number;
        };
        /** ApprovalRuleList */
        ApprovalRuleList: {
            currency: string;
            deciders: number;
            items: components["schemas"]["ApprovalRuleOut"][];
        };
        /** ApprovalRuleOut */
        ApprovalRuleOut: {
            above_amount: components["schemas"]["Money"] | null;
            above_bp: number | null;
            above_count: number | null;
            /** @enum {unknown} */
            act: "approvals.weaken" | "ledger.adjust" | "ledger.set_credit" | "ledger.withdraw" | "orders.recall_refund" | "pricing.change" | "pricing.floor" | "stock.export" | "stock.shred" | "stock.void" | "tenancy.widen_role";
            due_minutes: number;
            in_force: boolean;
            is_default: boolean;
            limits: string[];
            /** @enum {unknown} */
            mode: "above" | "always" | "off";
            role: string;
            set_at: string | null;
            set_by: string;
            version: number;
        };
        /** ApproveIn */
        ApproveIn: {
            /** @default false */
            even_below_floor?: boolean;
            /** @default null */
            line_no?: number | null;
        };
        /** ApproveRestockIn */
        ApproveRestockIn: {
            payload: string;
        };
        /** AskableList */
        AskableList: {
            items: components["schemas"]["AskableOut"][];
        };
        /** AskableOut */
        AskableOut: {
            code: string;
            fields: components["schemas"]["FieldSpec"][];
            max_quantity: number;
            name_en: string;
            name_zh: string;
            sku_id: string;
            unit_price: components["schemas"]["Money"];
        };
        /** AskedOut */
        AskedOut: {
            book_id: string;
            /** @enum {unknown} */
            book_kind: "contract" | "list" | "tier";
            book_name: string;
            rungs: components["schemas"]["Rung"][];
            /** @enum {unknown} */
            said: "absent" | "not_asked" | "price";
            valid_from: string | null;
        };
        /** AttemptOut */
        AttemptOut: {
            answer: string;
            at: string;
            elapsed_ms: number;
            error: string;
            status: number | null;
        };
        /** AuditOut */
        AuditOut: {
            action: string;
            actor_id: string;
            /** @enum {unknown} */
            actor_kind: "cli" | "key" | "person" | "system";
            after: unknown;
            at: string;
            before: unknown;
            id: string;
            ip: string;
            subject: string;
        };
        /** BalanceAtOut */
        BalanceAtOut: {
            account_id: string;
            at: string;
            balance: components["schemas"]["Money"];
        };
        /** BalanceOut */
        BalanceOut: {
            balance: components["schemas"]["Money"];
        };
        /** BatchOut */
        BatchOut: {
            available: number | "unlimited";
            commitment_root: string | null;
            /** Format: date-time */
            created_at: string;
            expired: number;
            expires_at: string | null;
            frozen: number;
            id: string;
            import_id: string | null;
            proof_name: string | null;
            received: number;
            returned: number;
            sealed_at: string | null;
            sku_id: string;
            sold: number;
            source: string;
            /** @enum {unknown} */
            state: "recalled" | "receiving" | "sealed" | "shredded";
            supplier_id: string | null;
            unit_cost: components["schemas"]["Money"];
            void: number;
        };
        /** BatchResult */
        BatchResult: {
            client_order_no: string;
            /** @default null */
            error?: components["schemas"]["Problem"] | null;
            /** @default null */
            order?: components["schemas"]["OrderOut"] | null;
        };
        /** BegunOut */
        BegunOut: {
            job_id: string;
            matching: number;
        };
        /** BlockIn */
        BlockIn: {
            /** @default blocked */
            reason?: string;
        };
        /** BookIn */
        BookIn: {
            /** @default null */
            buyer_id?: string | null;
            /** @enum {unknown} */
            kind: "contract" | "list" | "tier";
            name: string;
            /** @default null */
            tier_id?: string | null;
        };
        /** BookOut */
        BookOut: {
            buyer_id: string | null;
            currency: string;
            id: string;
            /** @enum {unknown} */
            kind: "contract" | "list" | "tier";
            name: string;
            tier_id: string | null;
        };
        /** BookPricesOut */
        BookPricesOut: {
            book_id: string;
            rungs: components["schemas"]["EarnedOut"][];
        };
        /** Both */
        Both: {
            en: string;
            zh: string;
        };
        /** BoughtOut */
        BoughtOut: {
            /** Format: date-time */
            called_at: string;
            connection_id: string;
            connection_name: string;
            id: string;
            supplier_ref: string;
        };
        /** BrandEdit */
        BrandEdit: {
            name_en: string;
            name_zh: string;
            version: number;
        };
        /** BrandGradeOut */
        BrandGradeOut: {
            brand_id: string;
            genuine: boolean;
            /** @enum {unknown} */
            grade: "A" | "B" | "C" | "X";
            hops: string[];
            until: string | null;
        };
        /** BrandIn */
        BrandIn: {
            name_en: string;
            name_zh: string;
        };
        /** BrandOut */
        BrandOut: {
            id: string;
            name_en: string;
            name_zh: string;
            version: number;
        };
        /** BudgetMoveIn */
        BudgetMoveIn: {
            amount: components["schemas"]["Money"];
            /** @enum {unknown} */
            direction: "to_company" | "to_department";
            /** @default null */
            memo?: string | null;
        };
        /** BudgetMoved */
        BudgetMoved: {
            amount: components["schemas"]["Money"];
            /** @enum {unknown} */
            direction: "to_company" | "to_department";
            repeated: boolean;
            transfer_id: string;
        };
        /** BudgetOut */
        BudgetOut: {
            committed: components["schemas"]["Money"];
            late: components["schemas"]["Money"];
            limit: components["schemas"]["Money"];
            /** Format: date */
            month: string;
            sku_id: string | null;
            spent: components["schemas"]["Money"];
        };
        /** BulkIn */
        BulkIn: {
            /** @enum {unknown} */
            action: "cancel" | "delist" | "fail" | "freeze" | "give_back" | "list" | "resend_webhooks" | "resume" | "set_max_quantity" | "set_tax_category" | "set_tier" | "suspend" | "unfreeze" | "void";
            /** @default {} */
            args?: {
                [key: string]: string;
            };
            /** @default false */
            dry_run?: boolean;
            /** @default null */
            expected?: number | null;
            /** @default null */
            filter?: {
                [key: string]: string | string[];
            } | null;
            /** @default null */
            subjects?: components["schemas"]["SubjectIn"][] | null;
        };
        /** BulkOut */
        BulkOut: {
            act_id: string | null;
            acting: number;
            job_id: string | null;
            matched: number;
            pieces: number;
            skipped: components["schemas"]["SkippedOut"][];
            sums: {
                [key: string]: components["schemas"]["Money"];
            };
        };
        /** BusinessIn */
        BusinessIn: {
            /** @enum {unknown} */
            business: "general" | "gift_company" | "group_leader" | "online_seller" | "topup_dealer";
            version: number;
        };
        /** BuyerEdit */
        BuyerEdit: {
            /** @enum {unknown} */
            business?: "general" | "gift_company" | "group_leader" | "online_seller" | "topup_dealer";
            low_balance?: string | null;
            name?: string;
            notes?: string;
            /** @default null */
            version?: number | null;
        };
        /** BuyerIn */
        BuyerIn: {
            /**
             * @default general
             * @enum {unknown}
             */
            business?: "general" | "gift_company" | "group_leader" | "online_seller" | "topup_dealer";
            /** @default null */
            credit?: components["schemas"]["CreditIn"] | null;
            /** @default null */
            currency?: string | null;
            name: string;
            /** @default  */
            notes?: string;
            /** @default null */
            parent_id?: string | null;
            /** @default null */
            tier_id?: string | null;
        };
        /** BuyerKeyIn */
        BuyerKeyIn: {
            /** @default null */
            expires_at?: string | null;
            /** @default [] */
            ip_allow?: string[];
            /**
             * @default live
             * @enum {unknown}
             */
            mode?: "live" | "test";
            name: string;
            scopes: string[];
        };
        /** BuyerMade */
        BuyerMade: {
            account: components["schemas"]["AccountOut"];
            id: string;
            name: string;
            tier_id: string | null;
        };
        /** BuyerOut */
        BuyerOut: {
            account_id: string;
            /** @enum {unknown} */
            business: "general" | "gift_company" | "group_leader" | "online_seller" | "topup_dealer";
            id: string;
            low_balance: string | null;
            name: string;
            notes: string;
            /** @enum {unknown} */
            status: "active" | "closed" | "suspended";
            tier_id: string | null;
            /** Format: date-time */
            updated_at: string;
            version: number;
        };
        /** BuyerPasteOut */
        BuyerPasteOut: {
            affordable: number;
            faults: components["schemas"]["PasteFault"][];
            good: number;
            held: number;
            in_stock: number | null;
            lines: number;
            pieces: number;
            total: components["schemas"]["Money"];
            unit_price: components["schemas"]["Money"];
        };
        /** BuyerSheetList */
        BuyerSheetList: {
            items: components["schemas"]["BuyerSheetOut"][];
            next: string | null;
        };
        /** BuyerSheetOut */
        BuyerSheetOut: {
            accepted: number;
            buyer_id: string;
            /** Format: date-time */
            created_at: string;
            done: number;
            ended_at: string | null;
            file_name: string;
            id: string;
            lines: number;
            refused: number;
            /** @enum {unknown} */
            status: "cancelled" | "done" | "running";
        };
        /** CallAgainIn */
        CallAgainIn: {
            /** @default null */
            body?: string | null;
        };
        /** CallAgainOut */
        CallAgainOut: {
            body: string;
            elapsed_ms: number;
            key_id: string;
            method: string;
            order_id: string | null;
            path: string;
            request_id: string;
            status: number;
        };
        /** CallFullOut */
        CallFullOut: {
            call: components["schemas"]["CallOut"];
            deliveries: components["schemas"]["ToldOut"][];
            order_ids: string[];
            refusal: string | null;
            request: string | null;
        };
        /** CallGroupOut */
        CallGroupOut: {
            calls: number;
            code: string;
            p50_ms: number | null;
            p95_ms: number | null;
            p99_ms: number | null;
            route: string;
            status: number;
        };
        /** CallOut */
        CallOut: {
            at: string;
            code: string;
            elapsed_ms: number;
            id: string;
            idempotency_key: string;
            ip: string;
            key_id: string;
            method: string;
            organisation_id: string;
            path: string;
            request_id: string;
            route: string;
            status: number;
        };
        /** CallStatsOut */
        CallStatsOut: {
            calls: number;
            groups: components["schemas"]["CallGroupOut"][];
            p50_ms: number | null;
            p95_ms: number | null;
            p99_ms: number | null;
            refused: number;
        };
        /** CallingOut */
        CallingOut: {
            calls: number;
            organisation: string | null;
            organisation_id: string;
            refused: number;
        };
        /** CancelIn */
        CancelIn: {
            /** @default  */
            reason?: string;
        };
        /** CannotIn */
        CannotIn: {
            reason: string;
        };
        /** CaseAct */
        CaseAct: {
            action: string;
            actor: string;
            actor_kind: string;
            at: string;
        };
        /** CaseDecisionOut */
        CaseDecisionOut: {
            at: string;
            hits: components["schemas"]["CaseHitOut"][];
            id: string;
            verdict: string;
        };
        /** CaseDeliveryOut */
        CaseDeliveryOut: {
            attempts: number;
            /** Format: date-time */
            created_at: string;
            ended_at: string | null;
            event: string;
            event_id: string;
            id: string;
            n: number;
            state: string;
        };
        /** CaseHitOut */
        CaseHitOut: {
            code: string;
            rule_id: string;
            text_en: string;
            text_zh: string;
        };
        /** CaseHoldOut */
        CaseHoldOut: {
            amount: components["schemas"]["Money"];
            at: string;
            captured: components["schemas"]["Money"];
            id: string;
            released: components["schemas"]["Money"];
        };
        /** CaseLeaf */
        CaseLeaf: {
            at: string;
            kind: string;
            leaf: string;
            n: number;
        };
        /** CaseLineOut */
        CaseLineOut: {
            amount: components["schemas"]["Money"];
            delivered: number;
            hold_id: string | null;
            line_no: number;
            mode: string;
            quantity: number;
            reason: string;
            returned: components["schemas"]["Money"];
            sku_id: string;
            status: string;
        };
        /** CaseList */
        CaseList: {
            items: components["schemas"]["CaseOut"][];
        };
        /** CaseOrderOut */
        CaseOrderOut: {
            account_id: string;
            buyer_id: string;
            buyer_name: string;
            client_order_no: string;
            decision_id: string;
            id: string;
            key_id: string;
            order_no: string;
            /** Format: date-time */
            placed_at: string;
            quote_id: string | null;
            reason: string;
            request_id: string | null;
            status: string;
            total: components["schemas"]["Money"];
            verdict: string;
        };
        /** CaseOut */
        CaseOut: {
            acts: components["schemas"]["CaseAct"][] | null;
            custody: components["schemas"]["CaseLeaf"][] | null;
            decisions: components["schemas"]["CaseDecisionOut"][] | null;
            deliveries: components["schemas"]["CaseDeliveryOut"][] | null;
            holds: components["schemas"]["CaseHoldOut"][] | null;
            lines: components["schemas"]["CaseLineOut"][];
            order: components["schemas"]["CaseOrderOut"];
            transfers: components["schemas"]["CaseTransferOut"][] | null;
            work: components["schemas"]["CaseWorkOut"][];
        };
        /** CaseTransferOut */
        CaseTransferOut: {
            amount: components["schemas"]["Money"];
            at: string;
            id: string;
            kind: string;
        };
        /** CaseWorkOut */
        CaseWorkOut: {
            action: string;
            at: string;
            line_no: number;
            text_en: string;
            text_zh: string;
        };
        /** CellChange */
        CellChange: {
            after: string;
            before: string | null;
            column: string;
            line: number;
            name: string;
            subject_id: string | null;
        };
        /** ChainOut */
        ChainOut: {
            gaps: ("code_not_told" | "no_receipt" | "place_taken_twice" | "sale_not_told" | "sold_to_nobody")[];
            /** @enum {unknown} */
            now: "available" | "delivered" | "expired" | "frozen" | "recalled" | "receiving" | "returned" | "reversed" | "shredded" | "unknown" | "void";
            seen: components["schemas"]["commissary.insight.proof_wire.SeenOut"][];
            source: components["schemas"]["commissary.insight.proof_wire.SourceOut"];
            steps: components["schemas"]["StepOut"][];
            takers: components["schemas"]["TakerOut"][];
        };
        /** ChangeOut */
        ChangeOut: {
            at: string;
            author: string;
            entries: number;
            id: string;
            kind: string;
            reason: string;
            template_id: string | null;
            undoes: string | null;
            valid_from: string;
        };
        /** CheckOut */
        CheckOut: {
            faults: components["schemas"]["SheetFaultOut"][];
            faulty: number;
            lines: number;
        };
        /** CheckerIn */
        CheckerIn: {
            /**
             * @default pass
             * @enum {unknown}
             */
            on_silence?: "pass" | "refuse";
            secret: string;
            url: string;
        };
        /** CheckerOut */
        CheckerOut: {
            /** Format: date-time */
            changed_at: string;
            /** @enum {unknown} */
            on_silence: "pass" | "refuse";
            url: string;
        };
        /** ClaimIn */
        ClaimIn: {
            /** @default 15 */
            minutes?: number;
        };
        /** ClockIn */
        ClockIn: {
            offset_s: number;
        };
        /** ClockOut */
        ClockOut: {
            now: string;
            offset_s: number;
        };
        /** CodeOut */
        CodeOut: {
            /** @default null */
            number?: string | null;
            secret: string;
        };
        /** ColumnOut */
        ColumnOut: {
            header: string;
            index: number;
            role: string;
            sample: string[];
        };
        /** ColumnsIn */
        ColumnsIn: {
            /** @default null */
            options?: components["schemas"]["OptionsIn"] | null;
            /** @default null */
            roles?: string[] | null;
        };
        /** CommentIn */
        CommentIn: {
            /** @default [] */
            mentions?: string[];
            words: string;
        };
        /** CommentList */
        CommentList: {
            items: components["schemas"]["CommentOut"][];
        };
        /** CommentOut */
        CommentOut: {
            at: string;
            id: string;
            mentions: components["schemas"]["PersonRef"][];
            person: components["schemas"]["PersonRef"];
            words: string;
        };
        /** CommitIn */
        CommitIn: {
            /** @enum {unknown} */
            mode: "all" | "valid";
            /** @default false */
            override_floor?: boolean;
            /** @default  */
            reason?: string;
            revision: number;
            /** @default null */
            valid_from?: string | null;
        };
        /** CompanyIn */
        CompanyIn: {
            /** @default CN */
            country?: string;
            legal_name: string;
            /** @default null */
            owners?: string[] | null;
            /** @default  */
            registration_no?: string;
            /** @default null */
            version?: number | null;
        };
        /** CompanyOut */
        CompanyOut: {
            country: string;
            legal_name: string;
            owners_count: number;
            registration_no: string;
            supplier_id: string;
            version: number;
        };
        /** ComparedOut */
        ComparedOut: {
            peers: number;
            peers_bp: number | null;
            purchases: number;
            success_bp: number | null;
        };
        /** ComponentIn */
        ComponentIn: {
            /** @default 1 */
            quantity?: number;
            sku_id: string;
        };
        /** ComponentOut */
        ComponentOut: {
            quantity: number;
            sku_id: string;
        };
        /** ConnectionEdit */
        ConnectionEdit: {
            /** @default null */
            account?: string | null;
            /** @default 16 */
            at_once?: number;
            /** @default null */
            base_url?: string | null;
            /** @default null */
            low_balance?: components["schemas"]["Money"] | null;
            name: string;
            /** @default 300 */
            pull_s?: number;
            /** @default null */
            quiet_s?: number | null;
            /** @default null */
            secret?: string | null;
            /** @default {} */
            settings?: Record<string, never>;
            version: number;
        };
        /** ConnectionIn */
        ConnectionIn: {
            /** @default null */
            account?: string | null;
            /** @default 16 */
            at_once?: number;
            /** @default null */
            base_url?: string | null;
            /** @default null */
            currency?: string | null;
            /** @default null */
            low_balance?: components["schemas"]["Money"] | null;
            name: string;
            protocol: string;
            /** @default 300 */
            pull_s?: number;
            /** @default null */
            quiet_s?: number | null;
            /** @default null */
            secret?: string | null;
            /** @default {} */
            settings?: Record<string, never>;
            supplier_id: string;
        };
        /** ConnectionOut */
        ConnectionOut: {
            account: string;
            at_once: number;
            balance: components["schemas"]["Money"] | null;
            balance_at: string | null;
            base_url: string;
            callback_path: string;
            currency: string;
            id: string;
            low_balance: components["schemas"]["Money"] | null;
            name: string;
            protocol: string;
            pull_s: number;
            quiet_s: number | null;
            reason: string;
            settings: Record<string, never>;
            /** @enum {unknown} */
            state: "off" | "on" | "paused";
            /** Format: date-time */
            state_at: string;
            supplier_id: string;
            version: number;
        };
        /** ContactClearOut */
        ContactClearOut: {
            email: string | null;
            name: string;
            phone: string | null;
            remask_after_s: number;
            watermark: components["schemas"]["Watermark"];
        };
        /** ContactIn */
        ContactIn: {
            /** @default null */
            email?: string | null;
            name: string;
            /** @default null */
            phone?: string | null;
            /**
             * @default general
             * @enum {unknown}
             */
            purpose?: "aftersale" | "finance" | "general" | "technical";
        };
        /** ContactOut */
        ContactOut: {
            has_email: boolean;
            id: string;
            name: string;
            organisation_id: string;
            phone: string | null;
            /** @enum {unknown} */
            purpose: "aftersale" | "finance" | "general" | "technical";
        };
        /** CorrectIn */
        CorrectIn: {
            fields: {
                [key: string]: string;
            };
        };
        /** CoverOut */
        CoverOut: {
            days: number | null;
            good_id: string;
            good_name: string;
            left: number | null;
            offer_id: string;
            sku_en: string;
            sku_zh: string;
            sold: number;
        };
        /** CreditIn */
        CreditIn: {
            /** @default 0 */
            grace_days?: number;
            limit: components["schemas"]["Money"];
            /** @default  */
            reason?: string;
            terms_days: number;
            /** @default null */
            version?: number | null;
        };
        /** CreditOut */
        CreditOut: {
            grace_days: number;
            limit: components["schemas"]["Money"];
            terms_days: number;
            version: number;
        };
        /** CurrentOut */
        CurrentOut: {
            currency: string;
            later: components["schemas"]["RateOut"][];
            rate: components["schemas"]["RateOut"] | null;
            stale: boolean;
        };
        /** DayOut */
        DayOut: {
            adjustments: components["schemas"]["Money"] | null;
            closed_at: string | null;
            closing: components["schemas"]["Money"] | null;
            connection_id: string;
            counts: {
                [key: string]: number;
            };
            /** Format: date */
            day: string;
            difference: components["schemas"]["Money"];
            matched: components["schemas"]["Money"];
            matched_at: string | null;
            open: number;
            opening: components["schemas"]["Money"] | null;
            ours: components["schemas"]["Money"];
            pack_sha256: string | null;
            payments: components["schemas"]["Money"] | null;
            purchases: components["schemas"]["Money"] | null;
            refunds: components["schemas"]["Money"] | null;
            stale: boolean;
            /** @enum {unknown} */
            status: "closed" | "open";
            theirs: components["schemas"]["Money"];
        };
        /** DaySold */
        DaySold: {
            amount: components["schemas"]["Money"];
            /** Format: date */
            day: string;
            delivered: number;
            margin: components["schemas"]["Money"];
            orders: number;
            pieces: number;
            returned: components["schemas"]["Money"];
        };
        /** DebtorOut */
        DebtorOut: {
            account_id: string;
            credit_limit: components["schemas"]["Money"];
            days_30: components["schemas"]["Money"];
            days_60: components["schemas"]["Money"];
            days_90: components["schemas"]["Money"];
            department: string | null;
            lock_reasons: ("manual" | "over_limit" | "overdue")[];
            not_due: components["schemas"]["Money"];
            older: components["schemas"]["Money"];
            oldest_due_at: string | null;
            owed: components["schemas"]["Money"];
            owner: string;
            owner_id: string;
            /** @enum {unknown} */
            state: "closed" | "locked" | "open";
            unbilled: components["schemas"]["Money"];
        };
        /** DecisionIn */
        DecisionIn: {
            approve: boolean;
        };
        /** DecisionList */
        DecisionList: {
            items: components["schemas"]["commissary.risk.wire.DecisionOut"][];
            next: string | null;
        };
        /** DeclareIn */
        DeclareIn: {
            stock: number;
            /** @default null */
            unit_cost?: components["schemas"]["Money"] | null;
        };
        /** DeclaredOut */
        DeclaredOut: {
            asked: number;
            declared_at: string | null;
            free: number;
            good_id: string;
            good_name: string;
            held_cost: components["schemas"]["Money"] | null;
            kind: string;
            offer_id: string;
            on: boolean;
            sku_id: string;
            stock: number;
            supplier_id: string;
            unit_cost: components["schemas"]["Money"];
        };
        /** DelegateIn */
        DelegateIn: {
            /** @default null */
            from_at?: string | null;
            person_id: string;
            /** Format: date-time */
            until_at: string;
        };
        /** DelegateList */
        DelegateList: {
            colleagues: components["schemas"]["PersonRef"][];
            items: components["schemas"]["DelegateOut"][];
        };
        /** DelegateOut */
        DelegateOut: {
            delegate: components["schemas"]["PersonRef"];
            /** Format: date-time */
            from_at: string;
            person: components["schemas"]["PersonRef"];
            /** Format: date-time */
            until_at: string;
        };
        /** DeliverIn */
        DeliverIn: {
            /** @default [] */
            codes?: components["schemas"]["commissary.fulfilment.wire.CodeIn"][];
            /** @default null */
            cost?: components["schemas"]["Money"] | null;
            quantity: number;
            /** @default  */
            receipt?: string;
        };
        /** DeliveryFullOut */
        DeliveryFullOut: {
            attempts: components["schemas"]["AttemptOut"][];
            body: string;
            delivery: components["schemas"]["DeliveryOut"];
        };
        /** DeliveryOut */
        DeliveryOut: {
            attempts: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            due_at: string;
            ended_at: string | null;
            endpoint_id: string;
            event: string;
            event_id: string;
            id: string;
            n: number;
            reason: string;
            state: components["schemas"]["DeliveryState"];
            subject_id: string;
        };
        /**
         * DeliveryState
         * @enum {unknown}
         */
        DeliveryState: "dead" | "delivered" | "sending" | "waiting";
        /** DepartmentEdit */
        DepartmentEdit: {
            cost_centre?: string;
            month_budget?: components["schemas"]["Money"] | null;
            month_limit?: components["schemas"]["Money"];
            name?: string;
            order_limit?: components["schemas"]["Money"];
            returns_rest?: boolean;
            /** @default null */
            version?: number | null;
        };
        /** DepartmentIn */
        DepartmentIn: {
            /** @default  */
            cost_centre?: string;
            /** @default null */
            month_budget?: components["schemas"]["Money"] | null;
            /** @default null */
            month_limit?: components["schemas"]["Money"] | null;
            name: string;
            /** @default null */
            order_limit?: components["schemas"]["Money"] | null;
            /** @default false */
            returns_rest?: boolean;
        };
        /** DepartmentKeyIn */
        DepartmentKeyIn: {
            /** @default null */
            expires_at?: string | null;
            /** @default [] */
            ip_allow?: string[];
            name: string;
            scopes: string[];
        };
        /** DepartmentKeyOut */
        DepartmentKeyOut: {
            id: string;
            secret: string;
        };
        /** DepartmentOut */
        DepartmentOut: {
            available: components["schemas"]["Money"];
            cost_centre: string;
            held: components["schemas"]["Money"];
            id: string;
            members: components["schemas"]["MemberOut"][];
            month_budget: components["schemas"]["Money"] | null;
            month_limit: components["schemas"]["Money"];
            name: string;
            order_limit: components["schemas"]["Money"];
            returns_rest: boolean;
            spent: components["schemas"]["Money"];
            /** @enum {unknown} */
            status: "closed" | "open";
            version: number;
        };
        /** DepartmentTransferOut */
        DepartmentTransferOut: {
            amount: components["schemas"]["Money"];
            at: string;
            id: string;
            kind: string;
            memo: string | null;
            order_id: string | null;
        };
        /** DepartmentsOut */
        DepartmentsOut: {
            company: components["schemas"]["AccountOut"] | null;
            items: components["schemas"]["DepartmentOut"][];
        };
        /** DepositOut */
        DepositOut: {
            covered: boolean;
            held: components["schemas"]["Money"];
            missing: components["schemas"]["Money"];
            required: components["schemas"]["Money"];
            supplier_id: string;
        };
        /** DeviceOut */
        DeviceOut: {
            agent: string;
            /** Format: date-time */
            created_at: string;
            current: boolean;
            id: string;
            ip: string;
            /** @enum {unknown} */
            proved_by: "passkey" | "password" | "recovery" | "totp";
            /** Format: date-time */
            seen_at: string;
        };
        /** DifferenceOut */
        DifferenceOut: {
            connection_id: string;
            /** Format: date */
            day: string;
            difference: components["schemas"]["Money"];
            id: string;
            /** @enum {unknown} */
            kind: "amount" | "books" | "duplicate" | "extra" | "late" | "missing" | "quantity" | "status";
            line: number | null;
            note: string;
            other_day: string | null;
            ours: components["schemas"]["Money"];
            purchase_id: string | null;
            refund: boolean;
            resolution: ("accepted" | "claimed" | "late" | "written_off") | null;
            resolved_at: string | null;
            /** @enum {unknown} */
            status: "open" | "resolved";
            theirs: components["schemas"]["Money"];
            transfer_id: string | null;
        };
        /** DueOut */
        DueOut: {
            connection_id: string;
            due: components["schemas"]["Money"];
            name: string;
        };
        /** EarnedOut */
        EarnedOut: {
            below_floor: boolean;
            loss: boolean;
            margin_bp: number | null;
            minimum: number;
            unit_price: components["schemas"]["Money"];
        };
        /** EndClaimIn */
        EndClaimIn: {
            /** @enum {unknown} */
            outcome: "granted" | "refused";
        };
        /** EndedOut */
        EndedOut: {
            ended: number;
        };
        /** EndpointEdit */
        EndpointEdit: {
            /** @default null */
            events?: string[] | null;
            /** @default null */
            url?: string | null;
            /** @default null */
            version?: number | null;
        };
        /** EndpointHealthOut */
        EndpointHealthOut: {
            /** Format: date-time */
            created_at: string;
            dead: number;
            delivered: number;
            failing_since: string | null;
            failures: number;
            id: string;
            oldest_waiting_at: string | null;
            organisation: string;
            organisation_id: string;
            state: components["schemas"]["EndpointState"];
            state_reason: string;
            url: string;
            waiting: number;
        };
        /** EndpointIn */
        EndpointIn: {
            /** @default [] */
            events?: string[];
            organisation_id: string;
            url: string;
        };
        /** EndpointOut */
        EndpointOut: {
            /** Format: date-time */
            created_at: string;
            events: string[];
            failing_since: string | null;
            failures: number;
            id: string;
            old_secret_until: string | null;
            organisation_id: string;
            quiet_until: string | null;
            state: components["schemas"]["EndpointState"];
            state_reason: string;
            url: string;
            version: number;
        };
        /**
         * EndpointState
         * @enum {unknown}
         */
        EndpointState: "active" | "disabled" | "paused";
        /** EntryIn */
        EntryIn: {
            /** @default null */
            expires_at?: string | null;
            /** @enum {unknown} */
            list: "allow" | "deny" | "watch";
            /** @default  */
            reason?: string;
            /** @enum {unknown} */
            subject: "buyer" | "device" | "ip" | "key" | "target";
            value: string;
        };
        /** EntryList */
        EntryList: {
            items: components["schemas"]["commissary.risk.wire.EntryOut"][];
            next: string | null;
        };
        /** EnumsOut */
        EnumsOut: {
            enums: {
                [key: string]: components["schemas"]["Word"][];
            };
        };
        /** EvidenceField */
        EvidenceField: {
            name: string;
            value: string;
        };
        /** EvidenceIn */
        EvidenceIn: {
            reason: string;
        };
        /** EvidenceOut */
        EvidenceOut: {
            fields: components["schemas"]["EvidenceField"][];
            remask_after_s: number;
            watermark: components["schemas"]["Watermark"];
        };
        /** ExpectedOut */
        ExpectedOut: {
            /** Format: date */
            day: string;
            /** Format: date-time */
            due_at: string;
            ended_at: string | null;
            error: string;
            /** @enum {unknown} */
            status: "done" | "waiting";
            told_at: string | null;
            tries: number;
        };
        /** ExportIn */
        ExportIn: {
            /** @default {} */
            filter?: {
                [key: string]: string | string[];
            };
            /**
             * @default xlsx
             * @enum {unknown}
             */
            format?: "csv" | "xlsx" | "zip";
            /** @enum {unknown} */
            list: "audit" | "buyers" | "codes" | "orders" | "prices" | "skus" | "transfers";
        };
        /** ExportKeyOut */
        ExportKeyOut: {
            password: string;
        };
        /** ExportOut */
        ExportOut: {
            bytes: number | null;
            downloads_left: number;
            /** Format: date-time */
            expires_at: string;
            file_name: string;
            /** @enum {unknown} */
            format: "csv" | "xlsx" | "zip";
            id: string;
            job_id: string;
            /** @enum {unknown} */
            list: "audit" | "buyers" | "codes" | "orders" | "prices" | "skus" | "transfers";
            /** Format: date-time */
            made_at: string;
            ready_at: string | null;
            rows: number | null;
            sha256: string | null;
        };
        /** FactorIn */
        FactorIn: {
            /** @default null */
            assertion?: Record<string, never> | null;
            /** @default null */
            code?: string | null;
            /** @default null */
            recovery?: string | null;
            sign_in_token: string;
        };
        /** FactorsOut */
        FactorsOut: {
            demanded: boolean;
            passkeys: components["schemas"]["PasskeyOut"][];
            recovery_left: number;
            totp_since: string | null;
        };
        /** FailIn */
        FailIn: {
            reason: string;
        };
        /**
         * Fault
         * @enum {unknown}
         */
        Fault: "header_malformed" | "header_missing" | "signature_wrong" | "too_new" | "too_old";
        /** FaultLine */
        FaultLine: {
            /** @default null */
            column?: number | null;
            en: string;
            line: number;
            reason: string;
            zh: string;
        };
        /** FieldFault */
        FieldFault: {
            message: string;
            path: string;
        };
        /** FieldIn */
        FieldIn: {
            /** @default null */
            carrier?: ("broadnet" | "mobile" | "telecom" | "unicom" | "virtual") | null;
            /** @default false */
            checked?: boolean;
            /** @default [] */
            choices?: string[];
            label_en: string;
            label_zh: string;
            /** @default 200 */
            max_length?: number;
            /** @default 1 */
            min_length?: number;
            name: string;
            /** @default null */
            pattern?: string | null;
            /**
             * @default refuse
             * @enum {unknown}
             */
            ported?: "follow" | "refuse";
            /** @default null */
            region?: string | null;
            /** @default true */
            required?: boolean;
            /** @default false */
            target?: boolean;
            /**
             * @default text
             * @enum {unknown}
             */
            type?: "choice" | "digits" | "email" | "phone" | "text";
        };
        /** FieldSpec */
        FieldSpec: {
            /** @default null */
            carrier?: ("broadnet" | "mobile" | "telecom" | "unicom" | "virtual") | null;
            /** @default false */
            checked?: boolean;
            /** @default [] */
            choices?: string[];
            label_en: string;
            label_zh: string;
            /** @default 200 */
            max_length?: number;
            /** @default 1 */
            min_length?: number;
            name: string;
            /** @default null */
            pattern?: string | null;
            /**
             * @default refuse
             * @enum {unknown}
             */
            ported?: "follow" | "refuse";
            /** @default null */
            region?: string | null;
            /** @default true */
            required?: boolean;
            /** @default false */
            target?: boolean;
            /**
             * @default text
             * @enum {unknown}
             */
            type?: "choice" | "digits" | "email" | "phone" | "text";
        };
        /** FieldsOut */
        FieldsOut: {
            fields: {
                [key: string]: string;
            };
        };
        /** FirstStepList */
        FirstStepList: {
            done: boolean;
            items: components["schemas"]["FirstStepOut"][];
        };
        /** FirstStepOut */
        FirstStepOut: {
            done: boolean;
            /** @enum {unknown} */
            step: "brand" | "buyer" | "goods" | "key" | "listed" | "order" | "price" | "source";
        };
        /** FitOut */
        FitOut: {
            /** @enum {unknown} */
            code: "class_not_licensed" | "origin_unknown" | "papers_missing" | "quarantined" | "suspended" | "unknown_supplier";
            en: string;
            zh: string;
        };
        /** FixOut */
        FixOut: {
            field: string;
            until: string;
        };
        /** FixRequestOut */
        FixRequestOut: {
            /** Format: date-time */
            asked_at: string;
            corrections: number;
            deadline: string;
            ended_at: string | null;
            ended_by: string;
            field: string;
            id: string;
            line_no: number;
            order_id: string;
            purchase_id: string;
            reason: string;
            /** @enum {unknown} */
            status: "corrected" | "expired" | "open" | "withdrawn";
        };
        /** FixTermsIn */
        FixTermsIn: {
            open_minutes: number;
            /** @default 0 */
            version?: number;
        };
        /** FixTermsOut */
        FixTermsOut: {
            open_minutes: number;
            version: number;
        };
        /** FlagsOut */
        FlagsOut: {
            example: boolean;
            must_enrol: boolean;
            sandbox: boolean;
            test_mall: boolean;
        };
        /** FloorIn */
        FloorIn: {
            margin_bp: number;
            /** @default null */
            sku_id?: string | null;
        };
        /** FloorOut */
        FloorOut: {
            at: string;
            author: string;
            margin_bp: number;
            sku_id: string | null;
        };
        /** FollowIn */
        FollowIn: {
            /** @default true */
            active?: boolean;
            book_id: string;
            limit_bp: number;
            /** @enum {unknown} */
            scope: "brand" | "mall" | "product" | "sku";
            /** @default null */
            scope_id?: string | null;
            template_id: string;
        };
        /** FollowOut */
        FollowOut: {
            active: boolean;
            book_id: string;
            id: string;
            limit_bp: number;
            /** @enum {unknown} */
            scope: "brand" | "mall" | "product" | "sku";
            scope_id: string | null;
            template_id: string;
        };
        /** GoodOut */
        GoodOut: {
            id: string;
            kind: string;
            least: number;
            most: number | null;
            name: string;
            on_sale: boolean;
            price: components["schemas"]["Money"];
            stock: number | null;
        };
        /** GoodsOut */
        GoodsOut: {
            items: components["schemas"]["GoodOut"][];
            next: string | null;
        };
        /** GroupOut */
        GroupOut: {
            count: number;
            en: string;
            problems: components["schemas"]["ProblemOut"][];
            reason: string;
            zh: string;
        };
        /** HealthTotals */
        HealthTotals: {
            dead: number;
            delivered: number;
            total: number;
            waiting: number;
        };
        /** Hit */
        Hit: {
            /** @default  */
            detail?: string;
            id: string;
            /** @enum {unknown} */
            kind: "buyer" | "code" | "order" | "sku" | "supplier";
            /** @default null */
            seq?: number | null;
            /** @default null */
            status?: string | null;
            title: string;
        };
        /** HitList */
        HitList: {
            items: components["schemas"]["Hit"][];
        };
        /** HitOut */
        HitOut: {
            code: string;
            rule_id: string;
            saw: Record<string, never>;
            text_en: string;
            text_zh: string;
        };
        /** HolderOut */
        HolderOut: {
            buyer_id: string;
            buyer_name: string;
            client_order_no: string;
            first: number;
            last: number;
            line_no: number;
            order_id: string;
            /** Format: date-time */
            placed_at: string;
            shared: boolean;
            sku_id: string;
            status: string;
        };
        /** HowOut */
        HowOut: {
            /** @enum {unknown} */
            mode: "all" | "valid";
            override_floor: boolean;
            reason: string;
            valid_from: string | null;
        };
        /** ImportOut */
        ImportOut: {
            already_imported: boolean;
            batches: string[];
            columns: string[];
            expired: number;
            faults: components["schemas"]["FaultLine"][];
            faulty: number;
            import_id: string | null;
            imported: number;
            known_elsewhere: number;
            read: number;
            repeated_in_file: number;
            resumed: boolean;
            sample: string[][];
            state: string;
            trouble: string;
        };
        /** InboxItemOut */
        InboxItemOut: {
            act: string | null;
            amount: components["schemas"]["Money"] | null;
            at: string;
            due_at: string | null;
            id: string;
            /** @enum {unknown} */
            kind: "approval" | "paper" | "price_proposal" | "purchase" | "restock";
            seal: string | null;
            subject: string;
            title_en: string;
            title_zh: string;
        };
        /** InboxOut */
        InboxOut: {
            counts: {
                [key: string]: number;
            };
            items: components["schemas"]["InboxItemOut"][];
            waiting: number;
        };
        /** IntakeOut */
        IntakeOut: {
            batches: string[];
            /** Format: date-time */
            brought_at: string;
            decided_at: string | null;
            expired: number;
            faulty: number;
            file_name: string;
            id: string;
            import_state: string;
            imported: number;
            known_elsewhere: number;
            reason: string;
            repeated_in_file: number;
            sha256: string;
            sku_code: string;
            sku_en: string;
            sku_id: string;
            sku_zh: string;
            sold: number;
            /** @enum {unknown} */
            status: "refused" | "released" | "waiting";
            supplier_id: string;
            supplier_name: string;
            trouble: string;
            unit_cost: components["schemas"]["Money"];
        };
        /** InvitationOut */
        InvitationOut: {
            /** Format: date-time */
            created_at: string;
            email: string;
            /** Format: date-time */
            expires_at: string;
            id: string;
            invited_by: string;
            organisation_id: string;
            role: string;
            /** @enum {unknown} */
            status: "expired" | "open" | "revoked" | "used";
            /** @default null */
            token?: string | null;
        };
        /** InviteIn */
        InviteIn: {
            email: string;
            organisation_id: string;
            role: string;
        };
        /** InvitedOut */
        InvitedOut: {
            email: string;
            /** @enum {unknown} */
            kind: "buyer" | "enterprise" | "mall" | "supplier";
            known: boolean;
            mall: string;
            organisation: string;
            role: string;
            role_en: string;
            role_zh: string;
            slug: string;
        };
        /** ItemOut */
        ItemOut: {
            detail: string;
            line_no: number;
            n: number;
            reason: string;
            /** @enum {unknown} */
            status: "begun" | "done" | "open" | "refused" | "same";
            subject_id: string;
        };
        /** JobOut */
        JobOut: {
            attempts: number;
            cancel_asked: boolean;
            /** Format: date-time */
            created_at: string;
            created_by: string;
            done: number;
            ended_at: string | null;
            error: string;
            id: string;
            kind: string;
            result: unknown;
            started_at: string | null;
            state: components["schemas"]["JobState"];
            total: number | null;
            unit: string;
        };
        /**
         * JobState
         * @enum {unknown}
         */
        JobState: "cancelled" | "done" | "failed" | "queued" | "running";
        /** JoinIn */
        JoinIn: {
            name: string;
            password: string;
            token: string;
        };
        /** JoinLookIn */
        JoinLookIn: {
            token: string;
        };
        /** JournalOut */
        JournalOut: {
            amount: components["schemas"]["Money"];
            at: string;
            entries: components["schemas"]["SideOut"][];
            id: string;
            /** @enum {unknown} */
            kind: "adjustment" | "allotment" | "capture" | "debt" | "exchange" | "opening" | "purchase" | "recharge" | "refund" | "reversal" | "sale" | "withdrawal";
            memo: string | null;
            order_id: string | null;
            reference: string | null;
            reversed: components["schemas"]["Money"] | null;
        };
        /** KeyEdit */
        KeyEdit: {
            ip_allow: string[];
            version: number;
        };
        /** KeyIn */
        KeyIn: {
            /** @default null */
            expires_at?: string | null;
            /** @default [] */
            ip_allow?: string[];
            name: string;
            scopes: string[];
        };
        /** KeyListedOut */
        KeyListedOut: {
            account_id: string;
            api_version: string;
            /** Format: date-time */
            created_at: string;
            /** @default null */
            expires_at?: string | null;
            id: string;
            ip_allow: string[];
            /** @default null */
            last_used_at?: string | null;
            /** @default null */
            last_used_ip?: string | null;
            /** @enum {unknown} */
            mode: "live" | "test";
            name: string;
            /** @default null */
            old_secret_until?: string | null;
            organisation_id: string;
            /** @default null */
            revoked_at?: string | null;
            scopes: string[];
            version: number;
        };
        /** KeyOut */
        KeyOut: {
            account_id: string;
            api_version: string;
            /** Format: date-time */
            created_at: string;
            /** @default null */
            expires_at?: string | null;
            id: string;
            ip_allow: string[];
            /** @enum {unknown} */
            mode: "live" | "test";
            name: string;
            /** @default null */
            old_secret_until?: string | null;
            organisation_id: string;
            /** @default null */
            revoked_at?: string | null;
            scopes: string[];
            /** @default null */
            secret?: string | null;
            version: number;
        };
        /** KeyUseOut */
        KeyUseOut: {
            account_id: string;
            /** Format: date-time */
            created_at: string;
            expires_at: string | null;
            id: string;
            ip_allow: string[];
            last_used_at: string | null;
            last_used_ip: string | null;
            name: string;
            organisation: string;
            organisation_id: string;
            revoked_at: string | null;
            scopes: string[];
            /** @enum {unknown} */
            state: "active" | "expired" | "revoked";
            version: number;
        };
        /** LimitOut */
        LimitOut: {
            /** @enum {unknown} */
            action: "observe" | "refuse" | "review";
            each_sku: boolean;
            /** @enum {unknown} */
            kind: "cap" | "list" | "velocity";
            left: number | null;
            limit: number;
            name_en: string;
            name_zh: string;
            per: string;
            rule_id: string;
            sku_ids: string[];
            used: number | null;
            waived: boolean;
            window_s: number;
        };
        /** LimitsIn */
        LimitsIn: {
            /** @default 2000 */
            jump_bp?: number;
            /** @default 172800 */
            stale_after_s?: number;
        };
        /** LineIn */
        LineIn: {
            /** @default null */
            fields?: {
                [key: string]: string;
            } | null;
            /** @default null */
            max_unit_price?: components["schemas"]["Money"] | null;
            /** @default 1 */
            quantity?: number;
            sku_id: string;
        };
        /** LineSettled */
        LineSettled: {
            /** @enum {unknown} */
            before: "cancelled" | "delivered" | "failed" | "partial" | "reversed" | "review" | "scheduled" | "waiting" | "working";
            delivered: number;
            line_no: number;
            order_id: string;
            reason: string;
            returned_e4: number;
            /** @enum {unknown} */
            status: "cancelled" | "delivered" | "failed" | "partial" | "reversed" | "review" | "scheduled" | "waiting" | "working";
        };
        /** Listed[AuditOut] */
        Listed_AuditOut_: {
            items: components["schemas"]["AuditOut"][];
            next: string | null;
            total_estimate: number;
        };
        /** Listed[BatchOut] */
        Listed_BatchOut_: {
            items: components["schemas"]["BatchOut"][];
            next: string | null;
            total_estimate: number;
        };
        /** Listed[BuyerOut] */
        Listed_BuyerOut_: {
            items: components["schemas"]["BuyerOut"][];
            next: string | null;
            total_estimate: number;
        };
        /** Listed[ConnectionOut] */
        Listed_ConnectionOut_: {
            items: components["schemas"]["ConnectionOut"][];
            next: string | null;
            total_estimate: number;
        };
        /** Listed[DebtorOut] */
        Listed_DebtorOut_: {
            items: components["schemas"]["DebtorOut"][];
            next: string | null;
            total_estimate: number;
        };
        /** Listed[EndpointHealthOut] */
        Listed_EndpointHealthOut_: {
            items: components["schemas"]["EndpointHealthOut"][];
            next: string | null;
            total_estimate: number;
        };
        /** Listed[JobOut] */
        Listed_JobOut_: {
            items: components["schemas"]["JobOut"][];
            next: string | null;
            total_estimate: number;
        };
        /** Listed[JournalOut] */
        Listed_JournalOut_: {
            items: components["schemas"]["JournalOut"][];
            next: string | null;
            total_estimate: number;
        };
        /** Listed[KeyUseOut] */
        Listed_KeyUseOut_: {
            items: components["schemas"]["KeyUseOut"][];
            next: string | null;
            total_estimate: number;
        };
        /** Listed[MyOfferOut] */
        Listed_MyOfferOut_: {
            items: components["schemas"]["MyOfferOut"][];
            next: string | null;
            total_estimate: number;
        };
        /** Listed[MyOrderRow] */
        Listed_MyOrderRow_: {
            items: components["schemas"]["MyOrderRow"][];
            next: string | null;
            total_estimate: number;
        };
        /** Listed[OrderRow] */
        Listed_OrderRow_: {
            items: components["schemas"]["OrderRow"][];
            next: string | null;
            total_estimate: number;
        };
        /** Listed[OwnTransferOut] */
        Listed_OwnTransferOut_: {
            items: components["schemas"]["OwnTransferOut"][];
            next: string | null;
            total_estimate: number;
        };
        /** Listed[OwnerOut] */
        Listed_OwnerOut_: {
            items: components["schemas"]["OwnerOut"][];
            next: string | null;
            total_estimate: number;
        };
        /** Listed[PurchaseOut] */
        Listed_PurchaseOut_: {
            items: components["schemas"]["PurchaseOut"][];
            next: string | null;
            total_estimate: number;
        };
        /** Listed[SkuOut] */
        Listed_SkuOut_: {
            items: components["schemas"]["SkuOut"][];
            next: string | null;
            total_estimate: number;
        };
        /** Listed[SupplierOut] */
        Listed_SupplierOut_: {
            items: components["schemas"]["SupplierOut"][];
            next: string | null;
            total_estimate: number;
        };
        /** Listed[WorkOut] */
        Listed_WorkOut_: {
            items: components["schemas"]["WorkOut"][];
            next: string | null;
            total_estimate: number;
        };
        /** LockIn */
        LockIn: {
            reason: string;
        };
        /** LogOut */
        LogOut: {
            action: string;
            at: string;
            line_no: number;
            text_en: string;
            text_zh: string;
        };
        /** LogPage */
        LogPage: {
            items: components["schemas"]["LogOut"][];
            purchases: components["schemas"]["TriedOut"][];
        };
        /** LowOut */
        LowOut: {
            available: number;
            days_left: number | null;
            name_en: string;
            name_zh: string;
            restocked: boolean;
            sku_code: string;
            sku_id: string;
            sold: number;
            /** @enum {unknown} */
            status: "deleted" | "delisted" | "draft" | "listed";
            threshold: number;
        };
        /** LowPage */
        LowPage: {
            items: components["schemas"]["LowOut"][];
            next: string | null;
            total: number;
        };
        /** MagicOut */
        MagicOut: {
            account: string | null;
            code: string;
            expected: components["schemas"]["Both"];
            /** @enum {unknown} */
            how: "fail" | "out_of_stock" | "partial" | "price_jump" | "reversed" | "review" | "slow" | "success" | "unknown" | "wrong_account";
            name: components["schemas"]["Both"];
            refusal: string | null;
            sku_id: string | null;
            status: string | null;
        };
        /** MallOut */
        MallOut: {
            currency: string;
            id: string;
            is_test: boolean;
            name: string;
            slug: string;
            zone: string;
        };
        /** ManyDecided */
        ManyDecided: {
            items: components["schemas"]["OneDecided"][];
        };
        /** ManyDecisionsIn */
        ManyDecisionsIn: {
            approve: boolean;
            /** @default  */
            comment?: string;
            items: components["schemas"]["OneOfManyIn"][];
        };
        /** Mapping */
        Mapping: {
            /**
             * @default main
             * @enum {unknown}
             */
            amounts?: "cents" | "main";
            /** @default {} */
            columns?: {
                [key: string]: string;
            };
            /** @default {} */
            statuses?: {
                [key: string]: "bought" | "failed" | "refunded";
            };
        };
        /** MappingIn */
        MappingIn: {
            /**
             * @default main
             * @enum {unknown}
             */
            amounts?: "cents" | "main";
            /** @default {} */
            columns?: {
                [key: string]: string;
            };
            /** @default {} */
            statuses?: {
                [key: string]: "bought" | "failed" | "refunded";
            };
        };
        /** MaskedList */
        MaskedList: {
            items: components["schemas"]["MaskedOut"][];
        };
        /** MaskedOut */
        MaskedOut: {
            line_no: number;
            masked: string;
            number: string | null;
            position: number;
        };
        /** MatrixOut */
        MatrixOut: {
            books: components["schemas"]["BookOut"][];
            rows: components["schemas"]["MatrixRowOut"][];
        };
        /** MatrixRowOut */
        MatrixRowOut: {
            cost: components["schemas"]["Money"] | null;
            floor: components["schemas"]["Money"];
            prices: components["schemas"]["BookPricesOut"][];
            sku_id: string;
        };
        /** MeOut */
        MeOut: {
            flags: components["schemas"]["FlagsOut"];
            /** @enum {unknown} */
            locale: "en" | "zh-CN";
            mall: components["schemas"]["MallOut"];
            memberships: components["schemas"]["MembershipOut"][];
            /** @enum {unknown} */
            mode: "live" | "test";
            organisation: components["schemas"]["OrganisationOut"];
            permissions: string[];
            person: components["schemas"]["PersonOut"];
            role: string;
            signs_in_to: string;
            zone: string;
        };
        /** MemberIn */
        MemberIn: {
            /** @default false */
            head?: boolean;
            /** @default null */
            month_limit?: components["schemas"]["Money"] | null;
            /** @default null */
            order_limit?: components["schemas"]["Money"] | null;
        };
        /** MemberOut */
        MemberOut: {
            head: boolean;
            /** Format: date-time */
            joined_at: string;
            month_limit: components["schemas"]["Money"] | null;
            name: string;
            order_limit: components["schemas"]["Money"] | null;
            person_id: string;
        };
        /** MembershipOut */
        MembershipOut: {
            /** @enum {unknown} */
            kind: "buyer" | "enterprise" | "mall" | "supplier";
            name: string;
            organisation_id: string;
            role: string;
        };
        /** ModeIn */
        ModeIn: {
            /** @enum {unknown} */
            mode: "live" | "test";
        };
        /** Money */
        Money: {
            amount: string;
            currency: string;
        };
        /** MyBusinessOut */
        MyBusinessOut: {
            /** @enum {unknown} */
            business: "general" | "gift_company" | "group_leader" | "online_seller" | "topup_dealer";
            version: number;
        };
        /** MyConnectionList */
        MyConnectionList: {
            items: components["schemas"]["MyConnectionOut"][];
        };
        /** MyConnectionOut */
        MyConnectionOut: {
            balance: components["schemas"]["Money"] | null;
            balance_at: string | null;
            by_people: boolean;
            /** @enum {unknown} */
            grade: "A" | "B" | "C" | "D" | "new";
            id: string;
            name: string;
            p50_ms: number | null;
            p95_ms: number | null;
            points: number;
            protocol: string;
            purchases: number;
            reason: string;
            /** @enum {unknown} */
            state: "off" | "on" | "paused";
            /** Format: date-time */
            state_at: string;
            success_bp: number;
        };
        /** MyDifferenceOut */
        MyDifferenceOut: {
            difference: components["schemas"]["Money"];
            id: string;
            /** @enum {unknown} */
            kind: "amount" | "books" | "duplicate" | "extra" | "late" | "missing" | "quantity" | "status";
            line: number | null;
            ours: components["schemas"]["Money"];
            purchase_id: string | null;
            resolution: ("accepted" | "claimed" | "late" | "written_off") | null;
            yours: components["schemas"]["Money"];
        };
        /** MyGoodOut */
        MyGoodOut: {
            available: number;
            brand: components["schemas"]["Words"];
            brand_id: string;
            code: string;
            delivered: number;
            description: components["schemas"]["Words"];
            ended: number;
            face_value: components["schemas"]["Money"] | null;
            fields: components["schemas"]["FieldSpec"][];
            genuine: boolean;
            guide: components["schemas"]["Words"];
            /** @enum {unknown} */
            kind: "bundle" | "code" | "link" | "membership" | "shared_code" | "topup" | "voucher";
            low: boolean;
            max_quantity: number;
            name: components["schemas"]["Words"];
            period_months: number | null;
            prices: components["schemas"]["Rung"][];
            product: components["schemas"]["Words"];
            product_id: string;
            profit: components["schemas"]["Money"] | null;
            regions: string[];
            release_at: string | null;
            sku_id: string;
            suggested: components["schemas"]["Money"] | null;
            tax_category: string | null;
            unit_price: components["schemas"]["Money"];
            unlimited: boolean;
            validity_days: number | null;
            version: number;
        };
        /** MyIntakeOut */
        MyIntakeOut: {
            already_brought: boolean;
            columns: string[];
            expired: number;
            faults: components["schemas"]["FaultLine"][];
            faulty: number;
            id: string | null;
            imported: number;
            known_elsewhere: number;
            read: number;
            repeated_in_file: number;
            sample: string[][];
            sha256: string;
            state: string;
            trouble: string;
            unit_cost: components["schemas"]["Money"];
        };
        /** MyLineOut */
        MyLineOut: {
            article: string;
            at: string | null;
            difference: components["schemas"]["Money"];
            kind: string;
            line: number;
            objection: ("accepted" | "open" | "refused") | null;
            ours: components["schemas"]["Money"];
            quantity: number;
            ref: string;
            resolution: ("accepted" | "claimed" | "late" | "written_off") | null;
            /** @enum {unknown} */
            status: "bought" | "failed" | "refunded";
            supplier_ref: string;
            yours: components["schemas"]["Money"];
        };
        /** MyOfferLineOut */
        MyOfferLineOut: {
            en: string;
            fault: string;
            good_id: string;
            good_name: string;
            line: number;
            offer_id: string | null;
            /** @enum {unknown} */
            status: "changed" | "faulty" | "held" | "same";
            stock: number | null;
            stock_before: number | null;
            unit_cost: components["schemas"]["Money"] | null;
            unit_cost_before: components["schemas"]["Money"] | null;
            zh: string;
        };
        /** MyOfferOut */
        MyOfferOut: {
            asked: number;
            by_people: boolean;
            connection_id: string;
            connection_name: string;
            free: number | null;
            good_id: string;
            good_name: string;
            held_cost: components["schemas"]["Money"] | null;
            id: string;
            kind: string;
            sku_code: string;
            sku_en: string;
            sku_id: string;
            sku_zh: string;
            /** @enum {unknown} */
            status: "held" | "off" | "on";
            stock: number | null;
            /** Format: date-time */
            told_at: string;
            unit_cost: components["schemas"]["Money"];
        };
        /** MyOffersTold */
        MyOffersTold: {
            declared: boolean;
            dry_run: boolean;
            faulty: number;
            items: components["schemas"]["MyOfferLineOut"][];
        };
        /** MyOrderIn */
        MyOrderIn: {
            client_order_no: string;
            lines: components["schemas"]["LineIn"][];
            /** @default null */
            quote_id?: string | null;
        };
        /** MyOrderRow */
        MyOrderRow: {
            channel: string;
            client_order_no: string;
            /** Format: date-time */
            created_at: string;
            id: string;
            lines: components["schemas"]["OrderRowLine"][];
            order_no: string;
            reason: string;
            status: string;
            total: components["schemas"]["Money"];
            /** Format: date-time */
            updated_at: string;
        };
        /** MyOrdersIn */
        MyOrdersIn: {
            orders: components["schemas"]["MyOrderIn"][];
        };
        /** MyOrdersOut */
        MyOrdersOut: {
            results: components["schemas"]["BatchResult"][];
        };
        /** MyPaymentOut */
        MyPaymentOut: {
            amount: components["schemas"]["Money"];
            at: string;
            id: string;
            reference: string;
        };
        /** MyStandingOut */
        MyStandingOut: {
            available: components["schemas"]["Money"];
            balance: components["schemas"]["Money"];
            credit_limit: components["schemas"]["Money"];
            dead_messages: number;
            failed_orders: number;
            failing_endpoints: number;
            held: components["schemas"]["Money"];
            low: boolean;
            /** @enum {unknown} */
            state: "closed" | "locked" | "open";
            to_fix: number;
            today: components["schemas"]["SoldOut"];
            waiting: {
                [key: string]: number;
            };
        };
        /** MySupplyOut */
        MySupplyOut: {
            compared: components["schemas"]["ComparedOut"];
            cover: components["schemas"]["CoverOut"][];
            due: components["schemas"]["DueOut"][];
            held_costs: number;
            oldest_at: string | null;
            pieces: number;
            requests: number;
        };
        /** MyTroubleOut */
        MyTroubleOut: {
            /** Format: date-time */
            called_at: string;
            ended_at: string | null;
            good_id: string;
            id: string;
            quantity: number;
            reason: string;
            said: string;
            /** @enum {unknown} */
            status: "accepted" | "calling" | "failed" | "succeeded" | "surplus" | "unknown";
        };
        /** NameList */
        NameList: {
            items: components["schemas"]["NameOut"][];
        };
        /** NameListIn */
        NameListIn: {
            /** Format: date */
            dated: string;
            names: string[];
            source: string;
            title: string;
        };
        /** NameListOut */
        NameListOut: {
            /** Format: date */
            dated: string;
            id: string;
            names: number;
            replaced_at: string | null;
            sha256: string;
            source: string;
            title: string;
            /** Format: date-time */
            uploaded_at: string;
            uploaded_by: string;
        };
        /** NameOut */
        NameOut: {
            code: string | null;
            id: string;
            /** @enum {unknown} */
            kind: "buyer" | "connection" | "person" | "product" | "sku" | "supplier";
            name: string;
            name_en: string | null;
            status: string | null;
        };
        /** NamesUploadedOut */
        NamesUploadedOut: {
            hits: number;
            list: components["schemas"]["NameListOut"];
        };
        /** NewEndpointOut */
        NewEndpointOut: {
            endpoint: components["schemas"]["EndpointOut"];
            secret: string;
        };
        /** NewKeyOut */
        NewKeyOut: {
            expires_at: string | null;
            id: string;
            ip_allow: string[];
            /**
             * @default live
             * @enum {unknown}
             */
            mode?: "live" | "test";
            name: string;
            scopes: string[];
            secret: string;
        };
        /** NoticeOut */
        NoticeOut: {
            about: Record<string, never>;
            at: string;
            id: string;
            kind: string;
            subject_en: string;
            subject_zh: string;
            unseen: boolean;
        };
        /** NoticePage */
        NoticePage: {
            items: components["schemas"]["NoticeOut"][];
            next: string | null;
            unseen: number;
        };
        /** NumberIn */
        NumberIn: {
            /** @default null */
            carrier?: ("broadnet" | "mobile" | "telecom" | "unicom" | "virtual") | null;
            number: string;
            /** @default null */
            region?: string | null;
        };
        /** NumbersIn */
        NumbersIn: {
            /** @enum {unknown} */
            kind: "dead" | "plain" | "ported" | "segment";
            rows: components["schemas"]["NumberIn"][];
            source: string;
            /** Format: date-time */
            valid_from: string;
        };
        /** NumbersOut */
        NumbersOut: {
            kept: number;
        };
        /** ObjectionIn */
        ObjectionIn: {
            /** @default null */
            line?: number | null;
            note: string;
            /** @default null */
            purchase_id?: string | null;
        };
        /** ObjectionOut */
        ObjectionOut: {
            answered_at: string | null;
            connection_id: string;
            /** Format: date */
            day: string;
            difference_id: string | null;
            file_bytes: number;
            file_name: string;
            file_sha256: string | null;
            id: string;
            kind: ("amount" | "books" | "duplicate" | "extra" | "late" | "missing" | "quantity" | "status") | null;
            line: number | null;
            note: string;
            /** Format: date-time */
            opened_at: string;
            ours: components["schemas"]["Money"] | null;
            purchase_id: string | null;
            reply: string;
            /** @enum {unknown} */
            status: "accepted" | "open" | "refused";
            supplier_id: string;
            supplier_name: string;
            theirs: components["schemas"]["Money"] | null;
        };
        /** OfSkus */
        OfSkus: {
            /** @default null */
            brand_id?: string | null;
            /** @default [] */
            kind?: ("bundle" | "code" | "link" | "membership" | "shared_code" | "topup" | "voucher")[];
            /** @default null */
            product_id?: string | null;
            /** @default  */
            q?: string;
            /** @default [] */
            status?: ("deleted" | "delisted" | "draft" | "listed")[];
        };
        /** OffOut */
        OffOut: {
            account_id: string;
            balance: components["schemas"]["Money"];
            by_holds: components["schemas"]["Money"];
            by_transfers: components["schemas"]["Money"];
            held: components["schemas"]["Money"];
            /** @enum {unknown} */
            kind: "adjustment" | "agent" | "cash" | "clearing" | "debt" | "fees" | "payable" | "prepaid" | "revenue" | "split" | "wallet";
            owner: string;
        };
        /** OfferEdit */
        OfferEdit: {
            /** @default null */
            accept_held?: boolean | null;
            /** @default null */
            canary_bp?: number | null;
            /** @default null */
            on?: boolean | null;
            /** @default null */
            version?: number | null;
            /** @default null */
            weight?: number | null;
        };
        /** OfferIn */
        OfferIn: {
            /** @default 0 */
            canary_bp?: number;
            connection_id: string;
            /** @default {} */
            field_map?: {
                [key: string]: string;
            };
            good_id: string;
            sku_id: string;
            /** @default null */
            stock?: number | null;
            /** @default null */
            unit_cost?: components["schemas"]["Money"] | null;
            /** @default 0 */
            warranty_hours?: number;
            /** @default 100 */
            weight?: number;
        };
        /** OfferOut */
        OfferOut: {
            canary_bp: number;
            connection_id: string;
            field_map: {
                [key: string]: string;
            };
            good_id: string;
            good_name: string;
            held_cost: components["schemas"]["Money"] | null;
            id: string;
            kind: string;
            least: number;
            most: number | null;
            on_sale: boolean;
            /** Format: date-time */
            seen_at: string;
            sku_id: string;
            state: string;
            stock: number | null;
            unit_cost: components["schemas"]["Money"];
            version: number;
            warranty_hours: number;
            weight: number;
        };
        /** OneDecided */
        OneDecided: {
            failure: string | null;
            id: string;
            refusal: string | null;
            status: ("approved" | "expired" | "failed" | "open" | "refused" | "withdrawn") | null;
        };
        /** OneOfManyIn */
        OneOfManyIn: {
            id: string;
            seal: string;
        };
        /** OptionsIn */
        OptionsIn: {
            /** @default null */
            expires_on?: string | null;
            /** @default null */
            proof_name?: string | null;
            /** @default null */
            proof_sha256?: string | null;
            /** @default null */
            sku_id?: string | null;
            /** @default  */
            source?: string;
            /** @default null */
            supplier_id?: string | null;
            /** @default null */
            unit_cost?: string | null;
        };
        /** OrderOut */
        OrderOut: {
            client_order_no: string;
            /** Format: date-time */
            created_at: string;
            decision_id: string;
            id: string;
            lines: components["schemas"]["commissary.orders.wire.LineOut"][];
            /** @default true */
            livemode?: boolean;
            order_no: string;
            /** @default null */
            reason?: string | null;
            /** @enum {unknown} */
            status: "cancelled" | "delivered" | "failed" | "partially_delivered" | "processing" | "reversed" | "review" | "scheduled";
            total: components["schemas"]["Money"];
        };
        /** OrderRow */
        OrderRow: {
            buyer_id: string;
            buyer_name: string | null;
            channel: string;
            client_order_no: string;
            /** Format: date-time */
            created_at: string;
            decision_id: string;
            id: string;
            lines: components["schemas"]["OrderRowLine"][];
            order_no: string;
            reason: string;
            /** @enum {unknown} */
            status: "cancelled" | "delivered" | "failed" | "partially_delivered" | "processing" | "reversed" | "review" | "scheduled";
            total: components["schemas"]["Money"];
            /** Format: date-time */
            updated_at: string;
            /** @enum {unknown} */
            verdict: "allow" | "refuse" | "review";
        };
        /** OrderRowLine */
        OrderRowLine: {
            amount: components["schemas"]["Money"];
            delivered: number;
            line_no: number;
            /** @enum {unknown} */
            mode: "manual" | "stock" | "supply";
            name_en: string | null;
            name_zh: string | null;
            quantity: number;
            sku_code: string | null;
            sku_id: string;
            /** @enum {unknown} */
            status: "cancelled" | "delivered" | "failed" | "partial" | "reversed" | "review" | "scheduled" | "waiting" | "working";
        };
        /** OrganisationIn */
        OrganisationIn: {
            organisation_id: string;
        };
        /** OrganisationOut */
        OrganisationOut: {
            /** Format: date-time */
            created_at: string;
            id: string;
            /** @enum {unknown} */
            kind: "buyer" | "enterprise" | "mall" | "supplier";
            name: string;
            parent_id: string | null;
            /** @enum {unknown} */
            status: "active" | "closed" | "suspended";
        };
        /** OwnEndpointIn */
        OwnEndpointIn: {
            /** @default [] */
            events?: string[];
            url: string;
        };
        /** OwnPersonIn */
        OwnPersonIn: {
            email: string;
            name: string;
            password: string;
            role: string;
        };
        /** OwnRoleEdit */
        OwnRoleEdit: {
            en: string;
            /** @enum {unknown} */
            kind: "buyer" | "enterprise" | "mall" | "supplier";
            permissions: string[];
            /** @default  */
            reason?: string;
            version: number;
            zh: string;
        };
        /** OwnRoleIn */
        OwnRoleIn: {
            en: string;
            /** @enum {unknown} */
            kind: "buyer" | "enterprise" | "mall" | "supplier";
            permissions: string[];
            /** @default  */
            reason?: string;
            zh: string;
        };
        /** OwnRoleOut */
        OwnRoleOut: {
            en: string;
            held: number;
            id: string;
            /** @enum {unknown} */
            kind: "buyer" | "enterprise" | "mall" | "supplier";
            name: string;
            permissions: string[];
            version: number;
            zh: string;
        };
        /** OwnTransferOut */
        OwnTransferOut: {
            amount: components["schemas"]["Money"];
            at: string;
            id: string;
            kind: string;
            memo: string | null;
            order_id: string | null;
        };
        /** OwnerAccountOut */
        OwnerAccountOut: {
            account: components["schemas"]["AccountOut"];
            department: string | null;
            used: components["schemas"]["Money"];
        };
        /** OwnerOut */
        OwnerOut: {
            accounts: components["schemas"]["OwnerAccountOut"][];
            id: string;
            /** @enum {unknown} */
            kind: "buyer" | "enterprise" | "mall" | "supplier";
            name: string;
            /** @enum {unknown} */
            status: "active" | "closed" | "suspended";
        };
        /** Page[ApprovalLineOut] */
        Page_ApprovalLineOut_: {
            items: components["schemas"]["ApprovalLineOut"][];
            next: string | null;
        };
        /** Page[BookOut] */
        Page_BookOut_: {
            items: components["schemas"]["BookOut"][];
            next: string | null;
        };
        /** Page[BrandOut] */
        Page_BrandOut_: {
            items: components["schemas"]["BrandOut"][];
            next: string | null;
        };
        /** Page[CallOut] */
        Page_CallOut_: {
            items: components["schemas"]["CallOut"][];
            next: string | null;
        };
        /** Page[ChangeOut] */
        Page_ChangeOut_: {
            items: components["schemas"]["ChangeOut"][];
            next: string | null;
        };
        /** Page[ClaimOut] */
        Page_ClaimOut_: {
            items: components["schemas"]["commissary.settlement.wire.ClaimOut"][];
            next: string | null;
        };
        /** Page[DayOut] */
        Page_DayOut_: {
            items: components["schemas"]["DayOut"][];
            next: string | null;
        };
        /** Page[DeclaredOut] */
        Page_DeclaredOut_: {
            items: components["schemas"]["DeclaredOut"][];
            next: string | null;
        };
        /** Page[DeliveryOut] */
        Page_DeliveryOut_: {
            items: components["schemas"]["DeliveryOut"][];
            next: string | null;
        };
        /** Page[DepartmentTransferOut] */
        Page_DepartmentTransferOut_: {
            items: components["schemas"]["DepartmentTransferOut"][];
            next: string | null;
        };
        /** Page[DifferenceOut] */
        Page_DifferenceOut_: {
            items: components["schemas"]["DifferenceOut"][];
            next: string | null;
        };
        /** Page[EndpointOut] */
        Page_EndpointOut_: {
            items: components["schemas"]["EndpointOut"][];
            next: string | null;
        };
        /** Page[EntryOut] */
        Page_EntryOut_: {
            items: components["schemas"]["commissary.pricing.wire.EntryOut"][];
            next: string | null;
        };
        /** Page[ExpectedOut] */
        Page_ExpectedOut_: {
            items: components["schemas"]["ExpectedOut"][];
            next: string | null;
        };
        /** Page[ExportOut] */
        Page_ExportOut_: {
            items: components["schemas"]["ExportOut"][];
            next: string | null;
        };
        /** Page[FixRequestOut] */
        Page_FixRequestOut_: {
            items: components["schemas"]["FixRequestOut"][];
            next: string | null;
        };
        /** Page[FloorOut] */
        Page_FloorOut_: {
            items: components["schemas"]["FloorOut"][];
            next: string | null;
        };
        /** Page[FollowOut] */
        Page_FollowOut_: {
            items: components["schemas"]["FollowOut"][];
            next: string | null;
        };
        /** Page[HolderOut] */
        Page_HolderOut_: {
            items: components["schemas"]["HolderOut"][];
            next: string | null;
        };
        /** Page[IntakeOut] */
        Page_IntakeOut_: {
            items: components["schemas"]["IntakeOut"][];
            next: string | null;
        };
        /** Page[InvitationOut] */
        Page_InvitationOut_: {
            items: components["schemas"]["InvitationOut"][];
            next: string | null;
        };
        /** Page[ItemOut] */
        Page_ItemOut_: {
            items: components["schemas"]["ItemOut"][];
            next: string | null;
        };
        /** Page[KeyListedOut] */
        Page_KeyListedOut_: {
            items: components["schemas"]["KeyListedOut"][];
            next: string | null;
        };
        /** Page[LineOut] */
        Page_LineOut_: {
            items: components["schemas"]["commissary.settlement.wire.LineOut"][];
            next: string | null;
        };
        /** Page[MyDifferenceOut] */
        Page_MyDifferenceOut_: {
            items: components["schemas"]["MyDifferenceOut"][];
            next: string | null;
        };
        /** Page[MyGoodOut] */
        Page_MyGoodOut_: {
            items: components["schemas"]["MyGoodOut"][];
            next: string | null;
        };
        /** Page[MyLineOut] */
        Page_MyLineOut_: {
            items: components["schemas"]["MyLineOut"][];
            next: string | null;
        };
        /** Page[MyPaymentOut] */
        Page_MyPaymentOut_: {
            items: components["schemas"]["MyPaymentOut"][];
            next: string | null;
        };
        /** Page[MyTroubleOut] */
        Page_MyTroubleOut_: {
            items: components["schemas"]["MyTroubleOut"][];
            next: string | null;
        };
        /** Page[NameListOut] */
        Page_NameListOut_: {
            items: components["schemas"]["NameListOut"][];
            next: string | null;
        };
        /** Page[ObjectionOut] */
        Page_ObjectionOut_: {
            items: components["schemas"]["ObjectionOut"][];
            next: string | null;
        };
        /** Page[OfferOut] */
        Page_OfferOut_: {
            items: components["schemas"]["OfferOut"][];
            next: string | null;
        };
        /** Page[OrganisationOut] */
        Page_OrganisationOut_: {
            items: components["schemas"]["OrganisationOut"][];
            next: string | null;
        };
        /** Page[PaperOut] */
        Page_PaperOut_: {
            items: components["schemas"]["PaperOut"][];
            next: string | null;
        };
        /** Page[PaymentOut] */
        Page_PaymentOut_: {
            items: components["schemas"]["PaymentOut"][];
            next: string | null;
        };
        /** Page[PersonOut] */
        Page_PersonOut_: {
            items: components["schemas"]["PersonOut"][];
            next: string | null;
        };
        /** Page[PriceOut] */
        Page_PriceOut_: {
            items: components["schemas"]["PriceOut"][];
            next: string | null;
        };
        /** Page[ProductOut] */
        Page_ProductOut_: {
            items: components["schemas"]["ProductOut"][];
            next: string | null;
        };
        /** Page[ProposalOut] */
        Page_ProposalOut_: {
            items: components["schemas"]["ProposalOut"][];
            next: string | null;
        };
        /** Page[QrOfCodeOut] */
        Page_QrOfCodeOut_: {
            items: components["schemas"]["QrOfCodeOut"][];
            next: string | null;
        };
        /** Page[QrOut] */
        Page_QrOut_: {
            items: components["schemas"]["QrOut"][];
            next: string | null;
        };
        /** Page[QuarantineOut] */
        Page_QuarantineOut_: {
            items: components["schemas"]["QuarantineOut"][];
            next: string | null;
        };
        /** Page[RateOut] */
        Page_RateOut_: {
            items: components["schemas"]["RateOut"][];
            next: string | null;
        };
        /** Page[RestockOut] */
        Page_RestockOut_: {
            items: components["schemas"]["RestockOut"][];
            next: string | null;
        };
        /** Page[RestockPolicyOut] */
        Page_RestockPolicyOut_: {
            items: components["schemas"]["RestockPolicyOut"][];
            next: string | null;
        };
        /** Page[RevealedOut] */
        Page_RevealedOut_: {
            items: components["schemas"]["RevealedOut"][];
            next: string | null;
        };
        /** Page[StatementOut] */
        Page_StatementOut_: {
            items: components["schemas"]["commissary.settlement.wire.StatementOut"][];
            next: string | null;
        };
        /** Page[SubscriptionOut] */
        Page_SubscriptionOut_: {
            items: components["schemas"]["SubscriptionOut"][];
            next: string | null;
        };
        /** Page[TemplateOut] */
        Page_TemplateOut_: {
            items: components["schemas"]["TemplateOut"][];
            next: string | null;
        };
        /** Page[UploadRow] */
        Page_UploadRow_: {
            items: components["schemas"]["UploadRow"][];
            next: string | null;
        };
        /** Page[WantedOut] */
        Page_WantedOut_: {
            items: components["schemas"]["WantedOut"][];
            next: string | null;
        };
        /** PaperIn */
        PaperIn: {
            /** @default [] */
            brand_ids?: string[];
            /** @default  */
            file_name?: string;
            /** @default  */
            holder?: string;
            /** @default  */
            issuer?: string;
            /** @enum {unknown} */
            kind: "bank_account" | "beneficial_owner" | "brand_authorisation" | "brand_ownership" | "business_licence" | "edi_licence" | "icp_filing" | "legal_person_id" | "other" | "payment_licence" | "prepaid_filing" | "purchase_invoice";
            /** @default  */
            number?: string;
            /** @default null */
            replaces?: string | null;
            sha256: string;
            size_bytes: number;
            /** Format: date */
            valid_from: string;
            /** @default null */
            valid_to?: string | null;
        };
        /** PaperKindOut */
        PaperKindOut: {
            en: string;
            /** @enum {unknown} */
            kind: "bank_account" | "beneficial_owner" | "brand_authorisation" | "brand_ownership" | "business_licence" | "edi_licence" | "icp_filing" | "legal_person_id" | "other" | "payment_licence" | "prepaid_filing" | "purchase_invoice";
            /** @enum {unknown} */
            of: "brand" | "company" | "goods" | "person";
            own: boolean;
            zh: string;
        };
        /** PaperOut */
        PaperOut: {
            brand_ids: string[];
            decided_at: string | null;
            decided_by: string | null;
            file_name: string;
            has_file: boolean;
            holder: string;
            id: string;
            issuer: string;
            /** @enum {unknown} */
            kind: "bank_account" | "beneficial_owner" | "brand_authorisation" | "brand_ownership" | "business_licence" | "edi_licence" | "icp_filing" | "legal_person_id" | "other" | "payment_licence" | "prepaid_filing" | "purchase_invoice";
            number: string;
            reason: string;
            replaces: string | null;
            sha256: string;
            size_bytes: number;
            /** @enum {unknown} */
            state: "accepted" | "expired" | "refused" | "submitted" | "withdrawn";
            /** Format: date-time */
            submitted_at: string;
            submitted_by: string;
            supplier_id: string;
            /** Format: date */
            valid_from: string;
            valid_to: string | null;
        };
        /** PaperRule */
        PaperRule: {
            country: string;
            instrument_class: string;
            /** @enum {unknown} */
            kind: "bank_account" | "beneficial_owner" | "brand_authorisation" | "brand_ownership" | "business_licence" | "edi_licence" | "icp_filing" | "legal_person_id" | "other" | "payment_licence" | "prepaid_filing" | "purchase_invoice";
            needed: boolean;
            /** @default false */
            own?: boolean;
            source: string;
            /** Format: date */
            valid_from: string;
            valid_to: string | null;
        };
        /** PaperRuleIn */
        PaperRuleIn: {
            /** @default * */
            country?: string;
            /** @default  */
            instrument_class?: string;
            /** @enum {unknown} */
            kind: "bank_account" | "beneficial_owner" | "brand_authorisation" | "brand_ownership" | "business_licence" | "edi_licence" | "icp_filing" | "legal_person_id" | "other" | "payment_licence" | "prepaid_filing" | "purchase_invoice";
            needed: boolean;
            source: string;
            /** Format: date */
            valid_from: string;
            /** @default null */
            valid_to?: string | null;
        };
        /** PartOut */
        PartOut: {
            instrument_class: string;
            missing: ("bank_account" | "beneficial_owner" | "brand_authorisation" | "brand_ownership" | "business_licence" | "edi_licence" | "icp_filing" | "legal_person_id" | "other" | "payment_licence" | "prepaid_filing" | "purchase_invoice")[];
            ok: boolean;
            until: string | null;
        };
        /** PasskeyIn */
        PasskeyIn: {
            credential: Record<string, never>;
            name: string;
        };
        /** PasskeyMallIn */
        PasskeyMallIn: {
            mall: string;
        };
        /** PasskeyOut */
        PasskeyOut: {
            /** Format: date-time */
            created_at: string;
            id: string;
            name: string;
            rp_id: string;
            used_at: string | null;
        };
        /** PasskeySignInIn */
        PasskeySignInIn: {
            assertion: Record<string, never>;
            mall: string;
            /** @default null */
            organisation_id?: string | null;
        };
        /** PasswordIn */
        PasswordIn: {
            new: string;
            old: string;
        };
        /** PasteFault */
        PasteFault: {
            code: string;
            detail: string;
            message_en: string;
            message_zh: string;
            row: number;
        };
        /** PasteIn */
        PasteIn: {
            /** @default 1 */
            quantity?: number;
            /** @default false */
            repeats?: boolean;
            sku_id: string;
            text: string;
        };
        /** PasteOrderIn */
        PasteOrderIn: {
            /** @default [] */
            leave_out?: number[];
            /** @default null */
            max_unit_price?: components["schemas"]["Money"] | null;
            /** @default 1 */
            quantity?: number;
            /** @default false */
            repeats?: boolean;
            sku_id: string;
            text: string;
        };
        /** PasteOut */
        PasteOut: {
            affordable: number;
            available: components["schemas"]["Money"];
            faults: components["schemas"]["PasteFault"][];
            good: number;
            held: number;
            in_stock: number | null;
            lines: number;
            pieces: number;
            total: components["schemas"]["Money"];
            unit_price: components["schemas"]["Money"];
        };
        /** PayIn */
        PayIn: {
            amount: components["schemas"]["Money"];
            /** @default  */
            memo?: string;
            reference: string;
            /** @default null */
            spent?: components["schemas"]["Money"] | null;
        };
        /** PaymentOut */
        PaymentOut: {
            amount: components["schemas"]["Money"];
            at: string;
            connection_id: string;
            id: string;
            memo: string;
            reference: string;
            repeated: boolean;
            spent: components["schemas"]["Money"] | null;
        };
        /** PendingIn */
        PendingIn: {
            sign_in_token: string;
        };
        /** PersonIn */
        PersonIn: {
            email: string;
            name: string;
            organisation_id: string;
            password: string;
            role: string;
        };
        /** PersonOut */
        PersonOut: {
            /** Format: date-time */
            created_at: string;
            email: string;
            id: string;
            name: string;
            organisation_id: string;
            role: string;
            /** @enum {unknown} */
            status: "active" | "suspended";
        };
        /** PersonRef */
        PersonRef: {
            id: string;
            name: string;
        };
        /** PieceOut */
        PieceOut: {
            line_no: number;
            n: number;
            url: string;
        };
        /** PlaceOut */
        PlaceOut: {
            batch_id: string;
            seq: number;
        };
        /** PlayMoneyOut */
        PlayMoneyOut: {
            amount: components["schemas"]["Money"];
            repeated: boolean;
            transfer_id: string;
        };
        /** PolicyIn */
        PolicyIn: {
            /**
             * @default fail
             * @enum {unknown}
             */
            exhausted?: "fail" | "people";
            /** @default 600 */
            patience_s?: number;
            /** @enum {unknown} */
            strategy: "cheapest" | "quality" | "sticky" | "weighted";
            /** @default 3 */
            tries?: number;
            /** @default null */
            version?: number | null;
        };
        /** PositionOut */
        PositionOut: {
            book: components["schemas"]["Money"];
            open: components["schemas"]["Money"];
            rate: components["schemas"]["RateOut"] | null;
            unrealised: components["schemas"]["Money"] | null;
            value: components["schemas"]["Money"] | null;
        };
        /** PreviewIn */
        PreviewIn: {
            book_id: string;
            /** @default null */
            filter?: components["schemas"]["OfSkus"] | null;
            /** @default 20000 */
            most_rows?: number;
            /** @default null */
            sku_ids?: string[] | null;
        };
        /** PreviewOut */
        PreviewOut: {
            counts: {
                [key: string]: number;
            };
            hash: string;
            rows: components["schemas"]["PreviewRowOut"][];
        };
        /** PreviewRowOut */
        PreviewRowOut: {
            base: components["schemas"]["Rung"][] | null;
            floor: components["schemas"]["Money"];
            new: components["schemas"]["Rung"][] | null;
            old: components["schemas"]["Rung"][] | null;
            outcome: string;
            sku_id: string;
        };
        /** PriceIn */
        PriceIn: {
            rungs: components["schemas"]["Rung"][];
            sku_id: string;
        };
        /** PriceLookOut */
        PriceLookOut: {
            cost: components["schemas"]["Money"] | null;
            floor: components["schemas"]["Money"];
            new: components["schemas"]["EarnedOut"][];
            old: components["schemas"]["Rung"][] | null;
            sku_id: string;
        };
        /** PriceOut */
        PriceOut: {
            rungs: components["schemas"]["Rung"][];
            sku_id: string;
        };
        /** PricesIn */
        PricesIn: {
            book_id: string;
            /** @default false */
            override_floor?: boolean;
            prices: components["schemas"]["PriceIn"][];
            /** @default  */
            reason?: string;
            /** @default null */
            valid_from?: string | null;
        };
        /** PricesLookIn */
        PricesLookIn: {
            book_id: string;
            prices: components["schemas"]["PriceIn"][];
        };
        /** Problem */
        Problem: {
            code: string;
            /** @default null */
            facts?: Record<string, never> | null;
            /** @default null */
            fields?: components["schemas"]["FieldFault"][] | null;
            /** @enum {unknown} */
            outcome: "failed" | "pending" | "unknown";
            request_id: string;
            retryable: boolean;
            status: number;
            title: string;
            title_zh: string;
            type: string;
        };
        /** ProblemOut */
        ProblemOut: {
            by: string;
            column: number | null;
            expected: string;
            found: string;
            line: number;
        };
        /** ProductEdit */
        ProductEdit: {
            brand_id?: string;
            description_en?: string;
            description_zh?: string;
            guide_en?: string;
            guide_zh?: string;
            name_en?: string;
            name_zh?: string;
            regions?: string[];
            version: number;
        };
        /** ProductIn */
        ProductIn: {
            brand_id: string;
            /** @default  */
            description_en?: string;
            /** @default  */
            description_zh?: string;
            /** @default  */
            guide_en?: string;
            /** @default  */
            guide_zh?: string;
            name_en: string;
            name_zh: string;
            /** @default [] */
            regions?: string[];
        };
        /** ProductOut */
        ProductOut: {
            brand_id: string;
            description_en: string;
            description_zh: string;
            guide_en: string;
            guide_zh: string;
            id: string;
            name_en: string;
            name_zh: string;
            regions: string[];
            version: number;
        };
        /** Proof */
        Proof: {
            checkpoint: string;
            entries: components["schemas"]["ProvenEvent"][];
            format: string;
            key: string;
            order: string;
            party: string;
            witnesses: string[];
        };
        /** ProofIn */
        ProofIn: {
            /** @default null */
            assertion?: Record<string, never> | null;
            /** @default null */
            code?: string | null;
            /** @default null */
            password?: string | null;
        };
        /** ProposalOut */
        ProposalOut: {
            at: string;
            book_id: string;
            change_id: string | null;
            cost: components["schemas"]["Money"];
            decided_by: string | null;
            id: string;
            old_unit_price: components["schemas"]["Money"];
            rungs: components["schemas"]["Rung"][];
            sku_id: string;
            state: string;
            why: string;
        };
        /** ProtocolOut */
        ProtocolOut: {
            /** @default false */
            callbacks?: boolean;
            /** @default false */
            cancels?: boolean;
            /** @default false */
            configured?: boolean;
            /** @default null */
            example?: Record<string, never> | null;
            /** @default false */
            idempotent?: boolean;
            /** @default [] */
            kinds?: string[];
            name: string;
            /** @default false */
            people?: boolean;
            /** @default null */
            price_limit?: string | null;
            /** @default false */
            pushes?: boolean;
            /** @default false */
            queries?: boolean;
            /** @default 600 */
            quiet_s?: number;
            /** @default [] */
            rules?: string[];
            /** @default false */
            subscribes?: boolean;
        };
        /** ProvenEvent */
        ProvenEvent: {
            body: string;
            index: number;
            path: string[];
            salt: string;
        };
        /** ProvideIn */
        ProvideIn: {
            /** @default [] */
            codes?: components["schemas"]["commissary.fulfilment.purchase_routes.CodeIn"][];
            /** @default  */
            receipt?: string;
        };
        /** ProvidedLineOut */
        ProvidedLineOut: {
            code: string;
            en: string;
            line: number;
            pieces: number;
            purchase_id: string;
            /** @enum {unknown} */
            status: "in_check" | "provided" | "ready" | "refused";
            zh: string;
        };
        /** ProvidedOut */
        ProvidedOut: {
            cost: components["schemas"]["Money"] | null;
            id: string;
            /** @enum {unknown} */
            status: "accepted" | "calling" | "failed" | "succeeded" | "surplus" | "unknown";
        };
        /** ProvidedResultsOut */
        ProvidedResultsOut: {
            dry_run: boolean;
            items: components["schemas"]["ProvidedLineOut"][];
            refused: number;
        };
        /** PulledOut */
        PulledOut: {
            changed: number;
            seen: number;
        };
        /** PulseHourOut */
        PulseHourOut: {
            amount: components["schemas"]["Money"];
            hour: number;
            orders: number;
            then_amount: components["schemas"]["Money"];
            then_orders: number;
        };
        /** PulseOut */
        PulseOut: {
            day: string;
            hours: components["schemas"]["PulseHourOut"][];
            then: components["schemas"]["PulseSoldOut"];
            today: components["schemas"]["PulseSoldOut"];
        };
        /** PulseSoldOut */
        PulseSoldOut: {
            amount: components["schemas"]["Money"];
            delivered: number;
            orders: number;
            pieces: number;
            profit: components["schemas"]["Money"] | null;
        };
        /** PurchaseOfOrderOut */
        PurchaseOfOrderOut: {
            asked: number;
            /** Format: date-time */
            called_at: string;
            connection_id: string;
            cost: components["schemas"]["Money"] | null;
            ended_at: string | null;
            good_id: string;
            id: string;
            line_no: number;
            most_unit: components["schemas"]["Money"];
            n: number;
            next_at: string | null;
            offer_id: string;
            order_id: string;
            people_since: string | null;
            quantity: number;
            rate: string | null;
            reason: string;
            said: string;
            sku_id: string;
            /** @enum {unknown} */
            status: "accepted" | "calling" | "failed" | "succeeded" | "surplus" | "unknown";
            supplier_id: string;
            supplier_ref: string;
            unread_fields: string[];
            weighed: components["schemas"]["WeighedOut"][] | null;
        };
        /** PurchaseOut */
        PurchaseOut: {
            asked: number;
            /** Format: date-time */
            called_at: string;
            connection_id: string;
            cost: components["schemas"]["Money"] | null;
            ended_at: string | null;
            good_id: string;
            id: string;
            line_no: number;
            most_unit: components["schemas"]["Money"];
            n: number;
            next_at: string | null;
            offer_id: string;
            order_id: string;
            people_since: string | null;
            quantity: number;
            rate: string | null;
            reason: string;
            said: string;
            sku_id: string;
            /** @enum {unknown} */
            status: "accepted" | "calling" | "failed" | "succeeded" | "surplus" | "unknown";
            supplier_id: string;
            supplier_ref: string;
        };
        /** QrOfCodeOut */
        QrOfCodeOut: {
            batch_id: string | null;
            line_no: number;
            n: number;
            qr_svg: string;
            seq: number | null;
            url: string;
        };
        /** QrOut */
        QrOut: {
            line_no: number;
            n: number;
            qr_svg: string;
            url: string;
        };
        /** QuarantineIn */
        QuarantineIn: {
            reason: string;
            /** @default null */
            until?: string | null;
        };
        /** QuarantineOut */
        QuarantineOut: {
            /** @enum {unknown} */
            cause: "by_hand" | "complaints" | "name_list" | "redeemed_early" | "slow_topup";
            closed_at: string | null;
            closed_by: string | null;
            closing: string;
            evidence: Record<string, never>;
            id: string;
            /** Format: date-time */
            opened_at: string;
            opened_by: string;
            reason: string;
            /** @enum {unknown} */
            state: "confirmed" | "open" | "released";
            supplier_id: string;
            until: string | null;
        };
        /** QueuedOut */
        QueuedOut: {
            delivery_id: string;
        };
        /** QuotaOut */
        QuotaOut: {
            endpoints: number;
            key_id: string;
            limits: components["schemas"]["LimitOut"][];
            most_endpoints: number;
        };
        /** QuoteIn */
        QuoteIn: {
            lines: components["schemas"]["QuoteLineIn"][];
            /** @default 60 */
            ttl_s?: number;
        };
        /** QuoteLineIn */
        QuoteLineIn: {
            quantity: number;
            sku_id: string;
        };
        /** QuoteLineOut */
        QuoteLineOut: {
            amount: components["schemas"]["Money"];
            quantity: number;
            sku_id: string;
            unit_price: components["schemas"]["Money"];
        };
        /** QuoteOut */
        QuoteOut: {
            amount: components["schemas"]["Money"];
            /** Format: date-time */
            expires_at: string;
            id: string;
            lines: components["schemas"]["QuoteLineOut"][];
            /** Format: date-time */
            made_at: string;
        };
        /** RangeIn */
        RangeIn: {
            first: number;
            last: number;
            reason: string;
        };
        /** RateIn */
        RateIn: {
            currency: string;
            rate: string;
            /** @default null */
            valid_from?: string | null;
        };
        /** RateLimits */
        RateLimits: {
            /** @default 2000 */
            jump_bp?: number;
            /** @default 172800 */
            stale_after_s?: number;
        };
        /** RateOut */
        RateOut: {
            against: string;
            currency: string;
            id: string;
            rate: string;
            /** Format: date-time */
            set_at: string;
            set_by: string;
            source: string;
            valid_from: string;
        };
        /** RatesIn */
        RatesIn: {
            /** @default false */
            confirm?: boolean;
            rates: components["schemas"]["RateIn"][];
            source: string;
        };
        /** ReaderOut */
        ReaderOut: {
            behind: number;
            name: string;
            oldest_at: string | null;
        };
        /** ReasonIn */
        ReasonIn: {
            reason: string;
        };
        /** RecallIn */
        RecallIn: {
            reason: string;
            /** @default false */
            refund?: boolean;
        };
        /** RecallLookOut */
        RecallLookOut: {
            buyers: number;
            orders: number;
            pieces: number;
            refund: components["schemas"]["Money"];
        };
        /** RecallOut */
        RecallOut: {
            at: string;
            batch_id: string;
            line_no: number;
            reason: string;
        };
        /** RechargeIn */
        RechargeIn: {
            amount: components["schemas"]["Money"];
            /** @default null */
            memo?: string | null;
            reference: string;
        };
        /** Recipient */
        Recipient: {
            /** @default  */
            contact?: string;
            name: string;
        };
        /** RecipientIn */
        RecipientIn: {
            /** @default  */
            contact?: string;
            name: string;
        };
        /** RecoveryOut */
        RecoveryOut: {
            recovery_codes: string[];
        };
        /** RefuseRestockIn */
        RefuseRestockIn: {
            /** @default  */
            reason?: string;
        };
        /** ReleaseIn */
        ReleaseIn: {
            /** @default  */
            reason?: string;
        };
        /** RemovalIn */
        RemovalIn: {
            reason: string;
        };
        /** RepairIn */
        RepairIn: {
            cells: string[] | null;
            line: number;
        };
        /** RepairsIn */
        RepairsIn: {
            rows: components["schemas"]["RepairIn"][];
        };
        /** ReplayIn */
        ReplayIn: {
            /** @default null */
            beyond?: string | null;
            /** @default null */
            delivery_ids?: string[] | null;
            /** @default false */
            dry_run?: boolean;
            /** @default null */
            endpoint_id?: string | null;
            /** @default null */
            event?: string | null;
            /** @default null */
            since?: string | null;
            /** @default null */
            state?: components["schemas"]["DeliveryState"] | null;
            /** @default null */
            subject_id?: string | null;
            /** @default null */
            until?: string | null;
        };
        /** ReplayOut */
        ReplayOut: {
            /** @default null */
            last?: string | null;
            /** @default null */
            matching?: number | null;
            replayed: number;
        };
        /** ReportOut */
        ReportOut: {
            changed_cells: number;
            changes: components["schemas"]["CellChange"][];
            create: number;
            errors: components["schemas"]["GroupOut"][];
            grid: components["schemas"]["RowOut"][];
            rejected: number;
            rows: number;
            same: number;
            skip: number;
            trouble: string;
            update: number;
            warnings: components["schemas"]["GroupOut"][];
        };
        /** RequestDecisionIn */
        RequestDecisionIn: {
            approve: boolean;
            /** @default  */
            comment?: string;
            /** @default null */
            max_amount?: components["schemas"]["Money"] | null;
        };
        /** RequestIn */
        RequestIn: {
            /** @default null */
            department_id?: string | null;
            lines: components["schemas"]["RequestLineIn"][];
            /** @default null */
            max_amount?: components["schemas"]["Money"] | null;
            /** @default  */
            reason?: string;
            /** @default [] */
            recipients?: components["schemas"]["RecipientIn"][];
            request_no: string;
        };
        /** RequestLineIn */
        RequestLineIn: {
            /** @default null */
            fields?: {
                [key: string]: string;
            } | null;
            /** @default 1 */
            quantity?: number;
            sku_id: string;
        };
        /** RequestLineOut */
        RequestLineOut: {
            /** @default null */
            fields?: {
                [key: string]: string;
            } | null;
            quantity: number;
            sku_id: string;
            unit_price: components["schemas"]["Money"];
        };
        /** RequestOut */
        RequestOut: {
            alone: boolean;
            amount: components["schemas"]["Money"];
            /** Format: date-time */
            asked_at: string;
            asked_by: string;
            asker: string;
            client_order_no: string;
            comment: string;
            decided_at: string | null;
            decider: string | null;
            department: string;
            department_id: string;
            failure: string;
            id: string;
            lines: components["schemas"]["RequestLineOut"][];
            max_amount: components["schemas"]["Money"];
            may_decide: boolean;
            order_id: string | null;
            reason: string;
            recipient_count: number;
            /** @default null */
            recipients?: components["schemas"]["Recipient"][] | null;
            request_no: string;
            /** @enum {unknown} */
            status: "approved" | "asked" | "failed" | "placed" | "refused" | "withdrawn";
            /** Format: date-time */
            updated_at: string;
        };
        /** RequestPage */
        RequestPage: {
            items: components["schemas"]["RequestOut"][];
            next: string | null;
            to_decide: number;
        };
        /** ResendIn */
        ResendIn: {
            /** @default null */
            endpoint_id?: string | null;
            /** @default null */
            event?: string | null;
            /** @default null */
            since?: string | null;
            /** @default null */
            state?: components["schemas"]["DeliveryState"] | null;
            /** @default null */
            subject_id?: string | null;
            /** @default null */
            until?: string | null;
        };
        /** ResendOut */
        ResendOut: {
            cancel_asked: boolean;
            /** Format: date-time */
            created_at: string;
            done: number;
            ended_at: string | null;
            error: string;
            id: string;
            state: components["schemas"]["JobState"];
            total: number | null;
        };
        /** ResetIn */
        ResetIn: {
            reason: string;
        };
        /** ResolveIn */
        ResolveIn: {
            /** @default  */
            note?: string;
            /** @enum {unknown} */
            resolution: "accepted" | "claimed" | "late" | "written_off";
        };
        /** RestockLimitsIn */
        RestockLimitsIn: {
            approval_above: components["schemas"]["Money"];
            monthly_budget: components["schemas"]["Money"];
            /** @default 0 */
            version?: number;
        };
        /** RestockLimitsOut */
        RestockLimitsOut: {
            approval_above: components["schemas"]["Money"];
            budgets: components["schemas"]["BudgetOut"][];
            monthly_budget: components["schemas"]["Money"];
            version: number;
        };
        /** RestockOut */
        RestockOut: {
            amount: components["schemas"]["Money"];
            decided_at: string | null;
            decided_by: string;
            ended_at: string | null;
            id: string;
            made_by: string;
            offer_id: string;
            payload: string;
            /** Format: date-time */
            proposed_at: string;
            quantity: number;
            reason: string;
            received: number;
            sku_id: string;
            /** @enum {unknown} */
            status: "done" | "failed" | "going" | "lapsed" | "proposed" | "refused";
            supplier_id: string;
            unit_cost: components["schemas"]["Money"];
            why: components["schemas"]["RestockWhyOut"];
        };
        /** RestockPartOut */
        RestockPartOut: {
            batch_id: string | null;
            cost: components["schemas"]["Money"];
            n: number;
            purchase_id: string | null;
            quantity: number;
            reason: string;
            received: number;
            /** @enum {unknown} */
            status: "buying" | "done" | "failed" | "reversed" | "reversing" | "waiting";
        };
        /** RestockPolicyIn */
        RestockPolicyIn: {
            /** @default true */
            active?: boolean;
            approval_above: components["schemas"]["Money"];
            cover_days: number;
            monthly_budget: components["schemas"]["Money"];
            most_pieces: number;
            most_unit_cost: components["schemas"]["Money"];
            /** @default null */
            reorder_at?: number | null;
            /** @default null */
            reorder_days?: number | null;
            /** @default 0 */
            version?: number;
        };
        /** RestockPolicyOut */
        RestockPolicyOut: {
            active: boolean;
            approval_above: components["schemas"]["Money"];
            cover_days: number;
            monthly_budget: components["schemas"]["Money"];
            most_pieces: number;
            most_unit_cost: components["schemas"]["Money"];
            note: string;
            reorder_at: number | null;
            reorder_days: number | null;
            /** Format: date-time */
            set_at: string;
            set_by: string;
            sku_id: string;
            sold_28: number;
            sold_7: number;
            version: number;
        };
        /** RestockWholeOut */
        RestockWholeOut: {
            parts: components["schemas"]["RestockPartOut"][];
            plan: components["schemas"]["RestockOut"];
        };
        /** RestockWhyOut */
        RestockWhyOut: {
            available: number;
            left: components["schemas"]["Money"][];
            offers: components["schemas"]["WeighedOut"][];
            policy_version: number;
            reorder_point: number;
            sold_28: number;
            sold_7: number;
        };
        /** ResultRow */
        ResultRow: {
            currency: string;
            movements: number;
            result: components["schemas"]["Money"];
        };
        /** RevealCodeIn */
        RevealCodeIn: {
            reason: string;
            /** @default 1 */
            seq?: number;
        };
        /** RevealedCodeOut */
        RevealedCodeOut: {
            number: string | null;
            of: number;
            remask_after_s: number;
            secret: string;
            seq: number;
            watermark: components["schemas"]["Watermark"];
        };
        /** RevealedOut */
        RevealedOut: {
            at: string;
            id: string;
            ip: string;
            /** @enum {unknown} */
            kind: "code" | "contact" | "evidence" | "fields" | "file";
            organisation_id: string;
            owner_id: string;
            person: string;
            person_id: string;
            place: string;
            reason: string;
            subject: string;
        };
        /** ReverseIn */
        ReverseIn: {
            line_no: number;
            reason: string;
        };
        /** RoleIn */
        RoleIn: {
            role: string | null;
        };
        /** RoleOut */
        RoleOut: {
            en: string;
            /** @default null */
            held?: number | null;
            /** @default null */
            id?: string | null;
            name: string;
            organisation_kinds: ("buyer" | "enterprise" | "mall" | "supplier")[];
            permissions: string[];
            /** @default null */
            version?: number | null;
            zh: string;
        };
        /** RouteOut */
        RouteOut: {
            /** @enum {unknown} */
            end: "bought" | "fails" | "people" | "stock" | "waits";
            in_stock: number | null;
            most_unit_cost: components["schemas"]["Money"] | null;
            policy: components["schemas"]["RoutePolicyOut"];
            quantity: number;
            sku_id: string;
            sources: components["schemas"]["RouteSourceOut"][];
            unit_price: components["schemas"]["Money"] | null;
        };
        /** RoutePolicyOut */
        RoutePolicyOut: {
            /** @enum {unknown} */
            exhausted: "fail" | "people";
            patience_s: number;
            /** @enum {unknown} */
            strategy: "cheapest" | "quality" | "sticky" | "weighted";
            tries: number;
            version: number;
        };
        /** RouteSourceOut */
        RouteSourceOut: {
            canary_bp: number;
            connection_id: string;
            connection_name: string;
            /** @enum {unknown} */
            connection_state: "off" | "on" | "paused";
            excluded: string;
            first_bp: number;
            good_id: string;
            good_name: string;
            latency_ms: number;
            offer_id: string;
            on: boolean;
            score: components["schemas"]["Money"] | null;
            success_bp: number;
            supplier_id: string;
            told: string;
            turn: number | null;
            unit_cost: components["schemas"]["Money"];
            version: number;
            weight: number;
        };
        /** RowOut */
        RowOut: {
            cells: string[];
            line: number;
        };
        /** RuleChange */
        RuleChange: {
            /** @default null */
            action?: ("observe" | "refuse" | "review") | null;
            /** @default null */
            enabled?: boolean | null;
            /** @default null */
            name_en?: string | null;
            /** @default null */
            name_zh?: string | null;
            /** @default null */
            params?: Record<string, never> | null;
            /** @default null */
            version?: number | null;
        };
        /** RuleIn */
        RuleIn: {
            /** @enum {unknown} */
            action: "observe" | "refuse" | "review";
            /** @default true */
            enabled?: boolean;
            /** @enum {unknown} */
            kind: "cap" | "list" | "velocity";
            name_en: string;
            name_zh: string;
            params: Record<string, never>;
        };
        /** RuleList */
        RuleList: {
            items: components["schemas"]["RuleOut"][];
            /** @default null */
            next?: string | null;
        };
        /** RuleOut */
        RuleOut: {
            /** @enum {unknown} */
            action: "observe" | "refuse" | "review";
            enabled: boolean;
            id: string;
            /** @enum {unknown} */
            kind: "cap" | "list" | "velocity";
            name_en: string;
            name_zh: string;
            params: Record<string, never>;
            text_en: string;
            text_zh: string;
            updated_at: string | null;
            version: number;
        };
        /** Rung */
        Rung: {
            minimum: number;
            unit_price: components["schemas"]["Money"];
        };
        /** SalesOut */
        SalesOut: {
            days: components["schemas"]["DaySold"][];
            skus: components["schemas"]["SkuSold"][];
            total: components["schemas"]["SoldOut"];
        };
        /** SandboxOut */
        SandboxOut: {
            goods: components["schemas"]["MagicOut"][];
            livemode: boolean;
            now: string;
            offset_s: number;
        };
        /** ScoreOut */
        ScoreOut: {
            connection_id: string;
            days: number;
            /** @enum {unknown} */
            grade: "A" | "B" | "C" | "D" | "new";
            late: number;
            p50_ms: number | null;
            p95_ms: number | null;
            points: number;
            price_moves_bp: number;
            purchases: number;
            reversed: number;
            success_bp: number;
            unknown_bp: number;
        };
        /** SecurityPolicyIn */
        SecurityPolicyIn: {
            reveal_above: components["schemas"]["Money"];
            /** @enum {unknown} */
            two_factor: "all" | "off" | "staff";
            /** @default 0 */
            version?: number;
        };
        /** SecurityPolicyOut */
        SecurityPolicyOut: {
            reveal_above: components["schemas"]["Money"];
            /** @enum {unknown} */
            two_factor: "all" | "off" | "staff";
            version: number;
        };
        /** SeenIn */
        SeenIn: {
            up_to: string;
        };
        /** SettledOut */
        SettledOut: {
            /** @enum {unknown} */
            before: "cancelled" | "delivered" | "failed" | "partial" | "reversed" | "review" | "scheduled" | "waiting" | "working";
            delivered: number;
            line_no: number;
            order_id: string;
            reason: string;
            returned_e4: number;
            /** @enum {unknown} */
            status: "cancelled" | "delivered" | "failed" | "partial" | "reversed" | "review" | "scheduled" | "waiting" | "working";
        };
        /** SheetFaultOut */
        SheetFaultOut: {
            code: string;
            detail: string;
            message_en: string;
            message_zh: string;
            row: number;
        };
        /** SheetList */
        SheetList: {
            items: components["schemas"]["SheetOut"][];
            next: string | null;
        };
        /** SheetOut */
        SheetOut: {
            accepted: number;
            /** Format: date-time */
            created_at: string;
            done: number;
            ended_at: string | null;
            file_name: string;
            id: string;
            lines: number;
            refused: number;
            /** @enum {unknown} */
            status: "cancelled" | "done" | "running";
        };
        /** ShredIn */
        ShredIn: {
            confirmation: string;
            reason: string;
        };
        /** SideOut */
        SideOut: {
            account_id: string;
            amount: components["schemas"]["Money"];
            department: string | null;
            /** @enum {unknown} */
            kind: "adjustment" | "agent" | "cash" | "clearing" | "debt" | "fees" | "payable" | "prepaid" | "revenue" | "split" | "wallet";
            owner: string;
            owner_id: string;
            /** @enum {unknown} */
            owner_kind: "buyer" | "enterprise" | "mall" | "supplier";
            sub: string;
        };
        /** SignInIn */
        SignInIn: {
            email: string;
            mall: string;
            /** @default null */
            organisation_id?: string | null;
            password: string;
        };
        /** SignatureIn */
        SignatureIn: {
            body: string;
            headers: {
                [key: string]: string;
            };
        };
        /** SignatureOut */
        SignatureOut: {
            fault: components["schemas"]["Fault"] | null;
            genuine: boolean;
        };
        /** SkippedOut */
        SkippedOut: {
            count: number;
            reason: string;
        };
        /** SkuEdit */
        SkuEdit: {
            case_sensitive?: boolean;
            code?: string;
            components?: components["schemas"]["ComponentIn"][];
            face_value?: components["schemas"]["Money"] | null;
            fields?: components["schemas"]["FieldIn"][];
            /** @enum {unknown} */
            fund_mode?: "agent" | "principal";
            instrument_class?: ("coupon_promo" | "direct_topup" | "specific_item_voucher" | "stored_value_multi" | "stored_value_single" | "subscription") | null;
            issuer?: string | null;
            issuer_licence_expires?: string | null;
            issuer_licence_no?: string | null;
            issuer_licence_sha256?: string | null;
            jurisdiction?: string;
            /** @enum {unknown} */
            kind?: "bundle" | "code" | "link" | "membership" | "shared_code" | "topup" | "voucher";
            low_stock?: number | null;
            max_quantity?: number;
            name_en?: string;
            name_zh?: string;
            period_months?: number | null;
            product_id?: string;
            redeem_scope?: ("brand" | "group" | "issuer" | "several") | null;
            registered?: boolean | null;
            release_at?: string | null;
            tax_category?: string | null;
            validity_days?: number | null;
            version: number;
        };
        /** SkuIn */
        SkuIn: {
            case_sensitive?: boolean;
            code: string;
            components?: components["schemas"]["ComponentIn"][];
            face_value?: components["schemas"]["Money"] | null;
            fields?: components["schemas"]["FieldIn"][];
            /** @enum {unknown} */
            fund_mode?: "agent" | "principal";
            instrument_class?: ("coupon_promo" | "direct_topup" | "specific_item_voucher" | "stored_value_multi" | "stored_value_single" | "subscription") | null;
            issuer?: string | null;
            issuer_licence_expires?: string | null;
            issuer_licence_no?: string | null;
            issuer_licence_sha256?: string | null;
            jurisdiction?: string;
            /** @enum {unknown} */
            kind: "bundle" | "code" | "link" | "membership" | "shared_code" | "topup" | "voucher";
            low_stock?: number | null;
            max_quantity?: number;
            name_en: string;
            name_zh: string;
            period_months?: number | null;
            product_id: string;
            redeem_scope?: ("brand" | "group" | "issuer" | "several") | null;
            registered?: boolean | null;
            release_at?: string | null;
            tax_category?: string | null;
            validity_days?: number | null;
        };
        /** SkuOut */
        SkuOut: {
            case_sensitive: boolean;
            code: string;
            components: components["schemas"]["ComponentOut"][];
            /** Format: date-time */
            created_at: string;
            face_value: components["schemas"]["Money"] | null;
            fields: components["schemas"]["FieldSpec"][];
            /** @enum {unknown} */
            fund_mode: "agent" | "principal";
            id: string;
            instrument_class: ("coupon_promo" | "direct_topup" | "specific_item_voucher" | "stored_value_multi" | "stored_value_single" | "subscription") | null;
            issuer: string | null;
            issuer_licence_expires: string | null;
            issuer_licence_no: string | null;
            issuer_licence_sha256: string | null;
            jurisdiction: string;
            /** @enum {unknown} */
            kind: "bundle" | "code" | "link" | "membership" | "shared_code" | "topup" | "voucher";
            low_stock: number | null;
            max_quantity: number;
            name_en: string;
            name_zh: string;
            period_months: number | null;
            product_id: string;
            redeem_scope: ("brand" | "group" | "issuer" | "several") | null;
            registered: boolean | null;
            release_at: string | null;
            /** @enum {unknown} */
            status: "deleted" | "delisted" | "draft" | "listed";
            tax_category: string | null;
            /** Format: date-time */
            updated_at: string;
            validity_days: number | null;
            version: number;
        };
        /** SkuSold */
        SkuSold: {
            amount: components["schemas"]["Money"];
            code: string | null;
            delivered: number;
            margin: components["schemas"]["Money"];
            name_en: string | null;
            name_zh: string | null;
            orders: number;
            pieces: number;
            returned: components["schemas"]["Money"];
            sku_id: string;
        };
        /** SkuSourceOut */
        SkuSourceOut: {
            grade: ("A" | "B" | "C" | "X") | null;
            qualified: boolean | null;
            supplier_id: string | null;
            why: ("class_not_licensed" | "origin_unknown" | "papers_missing" | "quarantined" | "suspended" | "unknown_supplier") | null;
        };
        /** SkuSourcesOut */
        SkuSourcesOut: {
            genuine: boolean;
            sources: components["schemas"]["SkuSourceOut"][];
        };
        /** SnapshotLine */
        SnapshotLine: {
            amount: components["schemas"]["Money"];
            /** @default null */
            bundle_id?: string | null;
            line_no: number;
            /** @default null */
            price_source?: string | null;
            quantity: number;
            sku: Record<string, never>;
            sku_id: string;
            unit_price: components["schemas"]["Money"];
            version: number;
        };
        /** SnapshotOut */
        SnapshotOut: {
            lines: components["schemas"]["SnapshotLine"][];
            order_id: string;
            order_no: string;
        };
        /** SoldOut */
        SoldOut: {
            amount: components["schemas"]["Money"];
            delivered: number;
            margin: components["schemas"]["Money"];
            orders: number;
            pieces: number;
            returned: components["schemas"]["Money"];
        };
        /** SourceIn */
        SourceIn: {
            /** @enum {unknown} */
            by: "api" | "file";
            /** @default 8 */
            hour?: number;
            /** @default  */
            zone?: string;
        };
        /** SpanOut */
        SpanOut: {
            first: number;
            last: number;
        };
        /** StampOut */
        StampOut: {
            at: string;
            checkpoint: string;
            response: string;
        };
        /** StandingOut */
        StandingOut: {
            brands: components["schemas"]["BrandGradeOut"][];
            company: components["schemas"]["CompanyOut"];
            papers: components["schemas"]["PartOut"][];
            qualified: boolean;
            quarantines: components["schemas"]["QuarantineOut"][];
            why: components["schemas"]["FitOut"] | null;
        };
        /** StatementIn */
        StatementIn: {
            /** Format: date-time */
            from_at: string;
            /** Format: date-time */
            to_at: string;
        };
        /** StatementList */
        StatementList: {
            items: components["schemas"]["commissary.ledger.wire.StatementOut"][];
            /** @default null */
            next?: string | null;
        };
        /** StatusIn */
        StatusIn: {
            /** @enum {unknown} */
            status: "active" | "suspended";
        };
        /** StepOut */
        StepOut: {
            at: string;
            kind: string;
            leaf: string;
            line_no: number | null;
            order_id: string | null;
            position: number | null;
            signed: boolean;
        };
        /** SubjectIn */
        SubjectIn: {
            id: string;
            /** @default 0 */
            line_no?: number;
        };
        /** SubscriptionIn */
        SubscriptionIn: {
            /** @default false */
            availability?: boolean;
            /** @default default */
            name?: string;
            /** @default null */
            sku_ids?: string[] | null;
            /** @default 0 */
            threshold_bp?: number;
            /** @default 5 */
            window_s?: number;
        };
        /** SubscriptionOut */
        SubscriptionOut: {
            availability: boolean;
            buyer_id: string;
            /** Format: date-time */
            changed_at: string;
            /** Format: date-time */
            created_at: string;
            every: boolean;
            id: string;
            name: string;
            skus: number;
            threshold_bp: number;
            window_s: number;
        };
        /** SummaryOut */
        SummaryOut: {
            available: number | "unlimited";
            batches: components["schemas"]["BatchOut"][];
            expired: number;
            expiring: {
                [key: string]: number;
            };
            frozen: number;
            receiving: number;
            returned: number;
            sku_id: string;
            sold: number;
            void: number;
        };
        /** SumsOut */
        SumsOut: {
            sums: {
                [key: string]: components["schemas"]["Money"][];
            };
            total: number;
        };
        /** SupplierAccountOut */
        SupplierAccountOut: {
            account_id: string;
            balance: components["schemas"]["Money"];
            connection_id: string;
            name: string;
            supplier_id: string;
        };
        /** SupplierEdit */
        SupplierEdit: {
            /** @default null */
            name?: string | null;
            /** @default null */
            settlement_days?: number | null;
            /** @default null */
            status?: ("active" | "closed" | "suspended") | null;
        };
        /** SupplierIn */
        SupplierIn: {
            name: string;
            /** @default 0 */
            settlement_days?: number;
        };
        /** SupplierOut */
        SupplierOut: {
            /** @enum {unknown} */
            grade: "A" | "B" | "C" | "X";
            id: string;
            name: string;
            settlement_days: number;
            /** @enum {unknown} */
            status: "active" | "closed" | "suspended";
            /** Format: date-time */
            updated_at: string;
        };
        /** SwitchIn */
        SwitchIn: {
            /** @default  */
            reason?: string;
            /** @enum {unknown} */
            state: "off" | "on";
        };
        /** SyncedOut */
        SyncedOut: {
            brands: number;
            left: number;
            prices: number;
            products: number;
            skus: number;
            tiers: number;
        };
        /** SystemOut */
        SystemOut: {
            database_bytes: number;
            jobs_failed: number;
            jobs_queued: number;
            jobs_running: number;
            last_migration: string;
            /** Format: date-time */
            migrated_at: string;
            migrations: number;
            oldest_queued_at: string | null;
            postgres: string;
            processes: number;
            readers: components["schemas"]["ReaderOut"][];
            release: string;
        };
        /** TakerOut */
        TakerOut: {
            buyer_id: string;
            buyer_name: string;
            client_order_no: string;
            line_no: number;
            order_id: string;
            /** Format: date-time */
            placed_at: string;
            status: string;
        };
        /** TaxRule */
        TaxRule: {
            category: string;
            /** @enum {unknown} */
            fund_mode: "agent" | "principal";
            instrument_class: string;
            invoice_types: string[];
            rate_bp: number;
            source: string;
            tax_code: string;
            valid_from: string;
            valid_to: string | null;
        };
        /** TaxRuleIn */
        TaxRuleIn: {
            category: string;
            /** @enum {unknown} */
            fund_mode: "agent" | "principal";
            /** @enum {unknown} */
            instrument_class: "coupon_promo" | "direct_topup" | "specific_item_voucher" | "stored_value_multi" | "stored_value_single" | "subscription";
            invoice_types: ("general" | "special")[];
            rate_bp: number;
            /** @default  */
            source?: string;
            tax_code: string;
            /** Format: date-time */
            valid_from: string;
            /** @default null */
            valid_to?: string | null;
        };
        /** TemplateIn */
        TemplateIn: {
            /** @enum {unknown} */
            base: "book" | "cost" | "list";
            /** @default null */
            base_book_id?: string | null;
            /** @default [] */
            exclude_brand_ids?: string[];
            /** @default [] */
            exclude_kinds?: ("bundle" | "code" | "link" | "membership" | "shared_code" | "topup" | "voucher")[];
            /** @default [] */
            exclude_sku_ids?: string[];
            /** @default 0 */
            fixed?: string;
            /** @default null */
            least?: string | null;
            /** @default null */
            most?: string | null;
            name: string;
            /** @default 0 */
            percent_bp?: number;
            /**
             * @default none
             * @enum {unknown}
             */
            rounding?: "00" | "90" | "99" | "none" | "tenth";
            /** @default null */
            version?: number | null;
        };
        /** TemplateOut */
        TemplateOut: {
            /** @enum {unknown} */
            base: "book" | "cost" | "list";
            base_book_id: string | null;
            exclude_brand_ids: string[];
            exclude_kinds: ("bundle" | "code" | "link" | "membership" | "shared_code" | "topup" | "voucher")[];
            exclude_sku_ids: string[];
            fixed: string;
            id: string;
            least: string | null;
            most: string | null;
            name: string;
            percent_bp: number;
            /** @enum {unknown} */
            rounding: "00" | "90" | "99" | "none" | "tenth";
            version: number;
        };
        /** TermsIn */
        TermsIn: {
            /** @default 0 */
            deposit?: string;
            /** @default 0 */
            hold_days?: number;
            settlement_days: number;
            /** Format: date */
            valid_from: string;
            /** @default null */
            valid_to?: string | null;
        };
        /** TermsOut */
        TermsOut: {
            deposit: components["schemas"]["Money"];
            hold_days: number;
            settlement_days: number;
            supplier_id: string;
            /** Format: date */
            valid_from: string;
            valid_to: string | null;
        };
        /** TierIn */
        TierIn: {
            name: string;
            /** @default 0 */
            rank?: number;
        };
        /** TierOfIn */
        TierOfIn: {
            tier_id: string | null;
        };
        /** TierOut */
        TierOut: {
            id: string;
            name: string;
            rank: number;
        };
        /** ToldOut */
        ToldOut: {
            attempts: number;
            /** Format: date-time */
            created_at: string;
            event: string;
            id: string;
            order_id: string;
            state: string;
        };
        /** TopUpIn */
        TopUpIn: {
            amount: components["schemas"]["Money"];
            buyer_id: string;
            reference: string;
        };
        /** Totals */
        Totals: {
            sums: {
                [key: string]: components["schemas"]["Money"];
            };
            total: number;
        };
        /** TotpOut */
        TotpOut: {
            qr_svg: string;
            secret: string;
            uri: string;
        };
        /** TraceIn */
        TraceIn: {
            code: string;
            /** @default null */
            number?: string | null;
        };
        /** TransferList */
        TransferList: {
            items: components["schemas"]["TransferOut"][];
            /** @default null */
            next?: string | null;
        };
        /** TransferOut */
        TransferOut: {
            amount: components["schemas"]["Money"];
            at: string;
            id: string;
            kind: string;
            memo: string | null;
            order_id: string | null;
            other_account_id: string;
        };
        /** TrialBookOut */
        TrialBookOut: {
            agent: boolean;
            balanced: boolean;
            credit: components["schemas"]["Money"];
            currency: string;
            debit: components["schemas"]["Money"];
            difference: components["schemas"]["Money"];
            lines: components["schemas"]["TrialLineOut"][];
        };
        /** TrialLineOut */
        TrialLineOut: {
            accounts: number;
            credit: components["schemas"]["Money"];
            debit: components["schemas"]["Money"];
            /** @enum {unknown} */
            kind: "adjustment" | "agent" | "cash" | "clearing" | "debt" | "fees" | "payable" | "prepaid" | "revenue" | "split" | "wallet";
        };
        /** TrialOut */
        TrialOut: {
            at: string;
            balanced: boolean;
            books: components["schemas"]["TrialBookOut"][];
            off: components["schemas"]["OffOut"][] | null;
        };
        /** TriedOut */
        TriedOut: {
            at: string;
            ended_at: string | null;
            line_no: number;
            n: number;
            /** @enum {unknown} */
            result: "delivered" | "failed" | "processing";
            supplier: string;
        };
        /** TurnOut */
        TurnOut: {
            /** Format: date-time */
            due_at: string;
            last_at: string | null;
            last_error: string;
            last_ms: number | null;
            late: boolean;
            name: string;
            running: boolean;
        };
        /** UndoIn */
        UndoIn: {
            /** @default false */
            force?: boolean;
            /** @default false */
            override_floor?: boolean;
        };
        /** UploadOut */
        UploadOut: {
            bytes: number;
            checked: boolean;
            columns: components["schemas"]["ColumnOut"][];
            delimiter: string;
            encoding: string;
            ended_at: string | null;
            /** Format: date-time */
            expires_at: string;
            file_name: string;
            fixed: boolean;
            format: string;
            guessed: boolean;
            has_source: boolean;
            how: components["schemas"]["HowOut"] | null;
            id: string;
            job_id: string | null;
            /** @enum {unknown} */
            kind: "codes" | "prices" | "skus";
            /** Format: date-time */
            made_at: string;
            made_by: string;
            options: components["schemas"]["commissary.bulk.wire.OptionsOut"];
            remembered: boolean;
            report: components["schemas"]["ReportOut"] | null;
            result: components["schemas"]["commissary.bulk.wire.ResultOut"] | null;
            revision: number;
            role_choices: string[];
            seen_before: components["schemas"]["commissary.bulk.wire.SeenOut"] | null;
            /** @enum {unknown} */
            status: "cancelled" | "committing" | "discarded" | "done" | "expired" | "failed" | "open" | "waiting";
            /** @default null */
            undo_waits_for?: string | null;
            undone_at: string | null;
            waits_for: string | null;
        };
        /** UploadRow */
        UploadRow: {
            bytes: number;
            ended_at: string | null;
            /** Format: date-time */
            expires_at: string;
            file_name: string;
            id: string;
            job_id: string | null;
            /** @enum {unknown} */
            kind: "codes" | "prices" | "skus";
            /** Format: date-time */
            made_at: string;
            made_by: string;
            result: components["schemas"]["commissary.bulk.wire.ResultOut"] | null;
            /** @enum {unknown} */
            status: "cancelled" | "committing" | "discarded" | "done" | "expired" | "failed" | "open" | "waiting";
            undone_at: string | null;
        };
        /** VersionIn */
        VersionIn: {
            version: number;
        };
        /** ViewIn */
        ViewIn: {
            /** @default null */
            id?: string | null;
            /** @default false */
            is_default?: boolean;
            name: string;
            page: string;
            /** @default true */
            pinned?: boolean;
            /** @default 0 */
            position?: number;
            search: string;
            /** @default false */
            shared?: boolean;
        };
        /** ViewList */
        ViewList: {
            items: components["schemas"]["ViewOut"][];
        };
        /** ViewOut */
        ViewOut: {
            id: string;
            is_default: boolean;
            mine: boolean;
            name: string;
            page: string;
            pinned: boolean;
            position: number;
            search: string;
            shared: boolean;
            /** Format: date-time */
            updated_at: string;
        };
        /** WantedOut */
        WantedOut: {
            /** Format: date-time */
            asked_at: string;
            /** @default {} */
            fields?: {
                [key: string]: string;
            };
            good_id: string;
            /** @default null */
            held_until?: string | null;
            /** @default  */
            holder?: string;
            id: string;
            kind: string;
            provide_before: string;
            quantity: number;
            sku_id: string;
            /** @enum {unknown} */
            status: "accepted" | "calling" | "failed" | "succeeded" | "surplus" | "unknown";
            supplier_id: string;
            unit_cost: components["schemas"]["Money"];
        };
        /** Watermark */
        Watermark: {
            at: string;
            mark: string;
            viewer: string;
        };
        /** WeighedOut */
        WeighedOut: {
            excluded: string;
            offer_id: string;
            score: components["schemas"]["Money"] | null;
            supplier_id: string;
            taken: boolean;
            told: string;
            unit_cost: components["schemas"]["Money"] | null;
        };
        /** WhyIn */
        WhyIn: {
            reason: string;
        };
        /** WhyOut */
        WhyOut: {
            /** @default [] */
            asked?: components["schemas"]["AskedOut"][];
            /** @default null */
            at?: string | null;
            en: string;
            entry: components["schemas"]["commissary.pricing.wire.EntryOut"];
            /** @default 1 */
            quantity?: number;
            quote_id: string | null;
            rung_minimum: number;
            source: string;
            unit_price: components["schemas"]["Money"];
            zh: string;
        };
        /** WithdrawIn */
        WithdrawIn: {
            amount: components["schemas"]["Money"];
            /** @default null */
            memo?: string | null;
            recharge_reference: string;
            reference: string;
        };
        /** WithdrawRequestIn */
        WithdrawRequestIn: {
            /** @default  */
            comment?: string;
        };
        /** Word */
        Word: {
            code: string;
            en: string;
            zh: string;
        };
        /** Words */
        Words: {
            en: string;
            zh: string;
        };
        /** WorkOut */
        WorkOut: {
            amount: components["schemas"]["Money"];
            buyer_id: string;
            buyer_name: string;
            claimed_by: string | null;
            claimed_until: string | null;
            client_order_no: string;
            late_at: string | null;
            line_no: number;
            mode: string;
            order_id: string;
            quantity: number;
            reason: string;
            since: string;
            sku_en: string;
            sku_id: string;
            sku_zh: string;
            /** @enum {unknown} */
            status: "cancelled" | "delivered" | "failed" | "partial" | "reversed" | "review" | "scheduled" | "waiting" | "working";
            target: string | null;
        };
        /** DecideIn */
        "commissary.approvals.wire.DecideIn": {
            approve: boolean;
            /** @default  */
            comment?: string;
            seal: string;
        };
        /** DecisionOut */
        "commissary.approvals.wire.DecisionOut": {
            at: string;
            by: components["schemas"]["PersonRef"] | null;
            comment: string;
            failure: string | null;
            instead_of: components["schemas"]["PersonRef"] | null;
        };
        /** OptionsOut */
        "commissary.bulk.wire.OptionsOut": {
            expires_on: string | null;
            proof_name: string | null;
            proof_sha256: string | null;
            sku_id: string | null;
            source: string;
            supplier_id: string | null;
            unit_cost: string | null;
        };
        /** ResultOut */
        "commissary.bulk.wire.ResultOut": {
            already_imported: boolean;
            batch_ids: string[];
            change_ids: string[];
            created: number;
            import_id: string | null;
            reason: string;
            rejected: number;
            same: number;
            skipped: number;
            updated: number;
        };
        /** SeenOut */
        "commissary.bulk.wire.SeenOut": {
            file_name: string;
            /** Format: date-time */
            made_at: string;
            /** @enum {unknown} */
            status: "cancelled" | "committing" | "discarded" | "done" | "expired" | "failed" | "open" | "waiting";
            upload_id: string;
        };
        /** CodeIn */
        "commissary.fulfilment.purchase_routes.CodeIn": {
            /** @default null */
            number?: string | null;
            secret: string;
        };
        /** DecideIn */
        "commissary.fulfilment.purchase_routes.DecideIn": {
            bought: boolean;
            /** @default [] */
            codes?: components["schemas"]["commissary.fulfilment.purchase_routes.CodeIn"][];
            /** @default null */
            cost?: components["schemas"]["Money"] | null;
            /** @default  */
            reason?: string;
            /** @default  */
            receipt?: string;
        };
        /** ClaimOut */
        "commissary.fulfilment.wire.ClaimOut": {
            until: string;
        };
        /** CodeIn */
        "commissary.fulfilment.wire.CodeIn": {
            /** @default null */
            number?: string | null;
            secret: string;
        };
        /** ProofOut */
        "commissary.insight.proof_wire.ProofOut": {
            next: string | null;
            order_id: string;
            pages: components["schemas"]["PieceOut"][];
            pending: number;
            proof: components["schemas"]["Proof"] | null;
            recalls: components["schemas"]["RecallOut"][];
            /** @default null */
            timestamp?: components["schemas"]["StampOut"] | null;
        };
        /** SeenOut */
        "commissary.insight.proof_wire.SeenOut": {
            at: string;
            by_buyer: boolean;
            leaf: string | null;
            line_no: number;
            order_id: string;
            person: string | null;
            position: number | null;
            signed: boolean;
        };
        /** SourceOut */
        "commissary.insight.proof_wire.SourceOut": {
            batch_id: string;
            bought: components["schemas"]["BoughtOut"] | null;
            by_hand: boolean;
            commitment: string | null;
            commitment_root: string | null;
            import_id: string | null;
            proof_name: string | null;
            proof_sha256: string | null;
            received: number;
            /** Format: date-time */
            received_at: string;
            seq: number;
            sku_id: string;
            source: string;
            status: string;
            supplier_id: string | null;
            supplier_name: string;
        };
        /** ResultOut */
        "commissary.ledger.rate_routes.ResultOut": {
            items: components["schemas"]["ResultRow"][];
            total: components["schemas"]["Money"];
        };
        /** MovedOut */
        "commissary.ledger.wire.MovedOut": {
            account_id: string;
            amount: components["schemas"]["Money"];
            repeated: boolean;
            transfer_id: string;
        };
        /** StatementOut */
        "commissary.ledger.wire.StatementOut": {
            account_id: string;
            closing: components["schemas"]["Money"];
            credits: components["schemas"]["Money"];
            debits: components["schemas"]["Money"];
            due: components["schemas"]["Money"];
            due_at: string | null;
            /** Format: date-time */
            from_at: string;
            id: string;
            /** Format: date-time */
            made_at: string;
            opening: components["schemas"]["Money"];
            paid_at: string | null;
            /** Format: date-time */
            to_at: string;
            transfers: number;
        };
        /** RotateIn */
        "commissary.notify.wire.RotateIn": {
            /** @default 86400 */
            overlap_s?: number;
        };
        /** RevealIn */
        "commissary.orders.own_wire.RevealIn": {
            /** @default  */
            reason?: string;
        };
        /** LineOut */
        "commissary.orders.wire.LineOut": {
            amount: components["schemas"]["Money"];
            /** @default null */
            bundle_id?: string | null;
            /** @default null */
            codes?: components["schemas"]["CodeOut"][] | null;
            delivered: number;
            /** @default null */
            fix?: components["schemas"]["FixOut"] | null;
            line_no: number;
            quantity: number;
            /** @default null */
            reason?: string | null;
            /** @default null */
            receipts?: string[] | null;
            /** @default null */
            release_at?: string | null;
            /** @default null */
            returned?: components["schemas"]["Money"] | null;
            sku_id: string;
            /** @enum {unknown} */
            status: "cancelled" | "delivered" | "failed" | "partial" | "reversed" | "review" | "scheduled" | "waiting" | "working";
            /** @default null */
            target?: string | null;
            unit_price: components["schemas"]["Money"];
        };
        /** RevealIn */
        "commissary.partners.wire.RevealIn": {
            reason: string;
        };
        /** EntryOut */
        "commissary.pricing.wire.EntryOut": {
            at: string;
            author: string;
            book_id: string;
            /** @enum {unknown} */
            book_kind: "contract" | "list" | "tier";
            book_name: string;
            change_id: string;
            change_kind: string;
            id: string;
            reason: string;
            rungs: components["schemas"]["Rung"][];
            valid_from: string;
        };
        /** DecisionOut */
        "commissary.risk.wire.DecisionOut": {
            at: string;
            buyer_id: string;
            client_order_no: string;
            hits: components["schemas"]["HitOut"][];
            id: string;
            order_id: string | null;
            /** @enum {unknown} */
            verdict: "allow" | "refuse" | "review";
        };
        /** EntryOut */
        "commissary.risk.wire.EntryOut": {
            /** Format: date-time */
            created_at: string;
            expires_at: string | null;
            id: string;
            /** @enum {unknown} */
            list: "allow" | "deny" | "watch";
            reason: string;
            /** @enum {unknown} */
            subject: "buyer" | "device" | "ip" | "key" | "target";
            value: string;
        };
        /** SourceOut */
        "commissary.settlement.pull_routes.SourceOut": {
            /** @enum {unknown} */
            by: "api" | "file";
            expected: boolean;
            hour: number;
            zone: string;
        };
        /** ClaimOut */
        "commissary.settlement.wire.ClaimOut": {
            amount: components["schemas"]["Money"];
            connection_id: string;
            ended_at: string | null;
            id: string;
            /** Format: date-time */
            opened_at: string;
            /** @enum {unknown} */
            status: "granted" | "refused" | "waiting";
        };
        /** LineOut */
        "commissary.settlement.wire.LineOut": {
            amount: components["schemas"]["Money"];
            article: string;
            at: string | null;
            kind: string;
            line: number;
            quantity: number;
            ref: string;
            /** @enum {unknown} */
            status: "bought" | "failed" | "refunded";
            supplier_ref: string;
        };
        /** StatementOut */
        "commissary.settlement.wire.StatementOut": {
            amount: components["schemas"]["Money"];
            at: string;
            connection_id: string;
            /** Format: date */
            day: string;
            file_name: string;
            id: string;
            /** @default null */
            job_id?: string | null;
            lines: number;
            repeated: boolean;
            sha256: string;
            status: string;
            stored: number;
        };
        /** MovedOut */
        "commissary.stock.wire.MovedOut": {
            batch_id: string;
            changed: number;
            sold: components["schemas"]["SpanOut"][];
        };
        /** CodeIn */
        "commissary.tenancy.factor_routes.CodeIn": {
            code: string;
        };
        /** ProofOut */
        "commissary.tenancy.session_routes.ProofOut": {
            factors: ("passkey" | "password" | "recovery" | "totp")[];
            until: string;
        };
        /** OptionsOut */
        "commissary.tenancy.sign_in_routes.OptionsOut": {
            options: Record<string, never>;
        };
        /** RotateIn */
        "commissary.tenancy.wire.RotateIn": {
            /** @default 86400 */
            overlap_s?: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getAccountChecker: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["CheckerOut"];
                };
            };
        };
    };
    setAccountChecker: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["CheckerIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["CheckerOut"];
                };
            };
        };
    };
    dropAccountChecker: {
        responses: {
            204: {
            };
        };
    };
    addAccountNumbers: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumbersIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["NumbersOut"];
                };
            };
        };
    };
    listAccountOwners: {
        parameters: {
            query?: {
                q?: string | null;
                kind?: ("mall" | "buyer" | "supplier" | "enterprise")[] | null;
                locked?: boolean;
                owes?: boolean;
                sort?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Listed_OwnerOut_"];
                };
            };
        };
    };
    totalAccountOwners: {
        parameters: {
            query?: {
                q?: string | null;
                kind?: ("mall" | "buyer" | "supplier" | "enterprise")[] | null;
                locked?: boolean;
                owes?: boolean;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SumsOut"];
                };
            };
        };
    };
    listAccounts: {
        parameters: {
            query?: {
                owner_id?: number | null;
                kind?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["AccountList"];
                };
            };
        };
    };
    getAccount: {
        parameters: {
            path: {
                account_id: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["AccountOut"];
                };
            };
        };
    };
    adjustBalance: {
        parameters: {
            path: {
                account_id: number;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AdjustIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["commissary.ledger.wire.MovedOut"];
                };
            };
            202: {
                content: {
                    "application/json": components["schemas"]["ApprovalAsked"];
                };
            };
        };
    };
    allot: {
        parameters: {
            path: {
                account_id: number;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AllotIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["commissary.ledger.wire.MovedOut"];
                };
            };
        };
    };
    getBalanceAt: {
        parameters: {
            query?: {
                at?: string | null;
            };
            path: {
                account_id: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["BalanceAtOut"];
                };
            };
        };
    };
    setCredit: {
        parameters: {
            path: {
                account_id: number;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreditIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["AccountOut"];
                };
            };
            202: {
                content: {
                    "application/json": components["schemas"]["ApprovalAsked"];
                };
            };
        };
    };
    lockAccount: {
        parameters: {
            path: {
                account_id: number;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LockIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["AccountOut"];
                };
            };
        };
    };
    recharge: {
        parameters: {
            path: {
                account_id: number;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RechargeIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["commissary.ledger.wire.MovedOut"];
                };
            };
        };
    };
    listStatements: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
            path: {
                account_id: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["StatementList"];
                };
            };
        };
    };
    makeStatement: {
        parameters: {
            path: {
                account_id: number;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StatementIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["commissary.ledger.wire.StatementOut"];
                };
            };
        };
    };
    listTransfers: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
            path: {
                account_id: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["TransferList"];
                };
            };
        };
    };
    unlockAccount: {
        parameters: {
            path: {
                account_id: number;
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["AccountOut"];
                };
            };
        };
    };
    withdraw: {
        parameters: {
            path: {
                account_id: number;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WithdrawIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["commissary.ledger.wire.MovedOut"];
                };
            };
            202: {
                content: {
                    "application/json": components["schemas"]["ApprovalAsked"];
                };
            };
        };
    };
    listApiKeys: {
        parameters: {
            query?: {
                q?: string | null;
                organisation_id?: string | null;
                status?: "active" | "expired" | "revoked" | null;
                has_scope?: string | null;
                unused_since?: string | null;
                sort?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Listed_KeyUseOut_"];
                };
            };
        };
    };
    totalApiKeys: {
        parameters: {
            query?: {
                q?: string | null;
                organisation_id?: string | null;
                status?: "active" | "expired" | "revoked" | null;
                has_scope?: string | null;
                unused_since?: string | null;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Totals"];
                };
            };
        };
    };
    listApprovalDelegates: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["DelegateList"];
                };
            };
        };
    };
    setApprovalDelegate: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["DelegateIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["DelegateOut"];
                };
            };
        };
    };
    endApprovalDelegate: {
        responses: {
            204: {
            };
        };
    };
    listApprovalRules: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ApprovalRuleList"];
                };
            };
        };
    };
    setApprovalRule: {
        parameters: {
            path: {
                act: "ledger.adjust" | "ledger.withdraw" | "ledger.set_credit" | "pricing.change" | "pricing.floor" | "stock.void" | "stock.shred" | "stock.export" | "orders.recall_refund" | "tenancy.widen_role" | "approvals.weaken";
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApprovalRuleIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ApprovalRuleOut"];
                };
            };
            202: {
                content: {
                    "application/json": components["schemas"]["ApprovalAsked"];
                };
            };
        };
    };
    listApprovals: {
        parameters: {
            query?: {
                view?: "to_decide" | "mine" | "open" | "decided" | "mentioned";
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ApprovalList"];
                };
            };
        };
    };
    decideApprovals: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["ManyDecisionsIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ManyDecided"];
                };
            };
        };
    };
    getApproval: {
        parameters: {
            path: {
                approval_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ApprovalFile"];
                };
            };
        };
    };
    commentApproval: {
        parameters: {
            path: {
                approval_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CommentIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["CommentList"];
                };
            };
        };
    };
    decideApproval: {
        parameters: {
            path: {
                approval_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["commissary.approvals.wire.DecideIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ApprovalOut"];
                };
            };
        };
    };
    listApprovalLines: {
        parameters: {
            query?: {
                warned?: boolean;
                cursor?: string | null;
                size?: number;
            };
            path: {
                approval_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_ApprovalLineOut_"];
                };
            };
        };
    };
    withdrawApproval: {
        parameters: {
            path: {
                approval_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WithdrawRequestIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ApprovalOut"];
                };
            };
        };
    };
    listAudit: {
        parameters: {
            query?: {
                q?: string | null;
                subject?: string | null;
                action?: string[] | null;
                actor_kind?: "person" | "key" | "system" | "cli" | null;
                actor_id?: string | null;
                at_from?: string | null;
                at_to?: string | null;
                action_not?: string[] | null;
                actor_kind_not?: "person" | "key" | "system" | "cli" | null;
                actor_id_not?: string | null;
                sort?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Listed_AuditOut_"];
                };
            };
        };
    };
    totalAudit: {
        parameters: {
            query?: {
                q?: string | null;
                subject?: string | null;
                action?: string[] | null;
                actor_kind?: "person" | "key" | "system" | "cli" | null;
                actor_id?: string | null;
                at_from?: string | null;
                at_to?: string | null;
                action_not?: string[] | null;
                actor_kind_not?: "person" | "key" | "system" | "cli" | null;
                actor_id_not?: string | null;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Totals"];
                };
            };
        };
    };
    listBatches: {
        parameters: {
            query?: {
                q?: string | null;
                status?: ("receiving" | "sealed" | "recalled" | "shredded")[] | null;
                lots?: ("receiving" | "open" | "sold_out" | "frozen" | "void" | "expired" | "returned")[] | null;
                sku_id?: string | null;
                supplier_id?: string | null;
                expires_from?: string | null;
                expires_to?: string | null;
                status_not?: ("receiving" | "sealed" | "recalled" | "shredded")[] | null;
                lots_not?: ("receiving" | "open" | "sold_out" | "frozen" | "void" | "expired" | "returned")[] | null;
                sku_id_not?: string | null;
                supplier_id_not?: string | null;
                sort?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Listed_BatchOut_"];
                };
            };
        };
    };
    actOnBatches: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["BulkOut"];
                };
            };
        };
    };
    totalBatches: {
        parameters: {
            query?: {
                q?: string | null;
                status?: ("receiving" | "sealed" | "recalled" | "shredded")[] | null;
                lots?: ("receiving" | "open" | "sold_out" | "frozen" | "void" | "expired" | "returned")[] | null;
                sku_id?: string | null;
                supplier_id?: string | null;
                expires_from?: string | null;
                expires_to?: string | null;
                status_not?: ("receiving" | "sealed" | "recalled" | "shredded")[] | null;
                lots_not?: ("receiving" | "open" | "sold_out" | "frozen" | "void" | "expired" | "returned")[] | null;
                sku_id_not?: string | null;
                supplier_id_not?: string | null;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Totals"];
                };
            };
        };
    };
    getBatch: {
        parameters: {
            path: {
                batch_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["BatchOut"];
                };
            };
        };
    };
    freezeBatch: {
        parameters: {
            path: {
                batch_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["commissary.stock.wire.MovedOut"];
                };
            };
        };
    };
    listBatchHolders: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
            path: {
                batch_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_HolderOut_"];
                };
            };
        };
    };
    lookAtRecall: {
        parameters: {
            path: {
                batch_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["RecallLookOut"];
                };
            };
        };
    };
    recallBatch: {
        parameters: {
            path: {
                batch_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RecallIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["commissary.stock.wire.MovedOut"];
                };
            };
            202: {
                content: {
                    "application/json": components["schemas"]["ApprovalAsked"];
                };
            };
        };
    };
    returnToSupplier: {
        parameters: {
            path: {
                batch_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RangeIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["commissary.stock.wire.MovedOut"];
                };
            };
            202: {
                content: {
                    "application/json": components["schemas"]["ApprovalAsked"];
                };
            };
        };
    };
    shredBatch: {
        parameters: {
            path: {
                batch_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShredIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["commissary.stock.wire.MovedOut"];
                };
            };
            202: {
                content: {
                    "application/json": components["schemas"]["ApprovalAsked"];
                };
            };
        };
    };
    unfreezeBatch: {
        parameters: {
            path: {
                batch_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["commissary.stock.wire.MovedOut"];
                };
            };
        };
    };
    voidCodes: {
        parameters: {
            path: {
                batch_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RangeIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["commissary.stock.wire.MovedOut"];
                };
            };
            202: {
                content: {
                    "application/json": components["schemas"]["ApprovalAsked"];
                };
            };
        };
    };
    listBooks: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_BookOut_"];
                };
            };
        };
    };
    openBook: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["BookIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["BookOut"];
                };
            };
        };
    };
    listPrices: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
            path: {
                book_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_PriceOut_"];
                };
            };
        };
    };
    listBrands: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_BrandOut_"];
                };
            };
        };
    };
    addBrand: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["BrandIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["BrandOut"];
                };
            };
        };
    };
    editBrand: {
        parameters: {
            path: {
                brand_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BrandEdit"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["BrandOut"];
                };
            };
        };
    };
    getBulkAct: {
        parameters: {
            path: {
                act_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ActOut"];
                };
            };
        };
    };
    listBulkActItems: {
        parameters: {
            query?: {
                status?: "open" | "begun" | "done" | "same" | "refused" | null;
                cursor?: string | null;
                size?: number;
            };
            path: {
                act_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_ItemOut_"];
                };
            };
        };
    };
    exportBulkActResult: {
        parameters: {
            path: {
                act_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    listBuyers: {
        parameters: {
            query?: {
                q?: string | null;
                search?: string | null;
                status?: ("active" | "suspended" | "closed")[] | null;
                tier_id?: string | null;
                status_not?: ("active" | "suspended" | "closed")[] | null;
                tier_id_not?: string | null;
                sort?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Listed_BuyerOut_"];
                };
            };
        };
    };
    addBuyer: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["BuyerIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["BuyerMade"];
                };
            };
            202: {
                content: {
                    "application/json": components["schemas"]["ApprovalAsked"];
                };
            };
        };
    };
    actOnBuyers: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["BulkOut"];
                };
            };
        };
    };
    totalBuyers: {
        parameters: {
            query?: {
                q?: string | null;
                search?: string | null;
                status?: ("active" | "suspended" | "closed")[] | null;
                tier_id?: string | null;
                status_not?: ("active" | "suspended" | "closed")[] | null;
                tier_id_not?: string | null;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Totals"];
                };
            };
        };
    };
    getBuyer: {
        parameters: {
            path: {
                buyer_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["BuyerOut"];
                };
            };
        };
    };
    editBuyer: {
        parameters: {
            path: {
                buyer_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BuyerEdit"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["BuyerOut"];
                };
            };
        };
    };
    issueKey: {
        parameters: {
            path: {
                buyer_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BuyerKeyIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["NewKeyOut"];
                };
            };
        };
    };
    placeOrderForBuyer: {
        parameters: {
            path: {
                buyer_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MyOrderIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["OrderOut"];
                };
            };
        };
    };
    orderPasteForBuyer: {
        parameters: {
            header: {
                "Idempotency-Key": string;
            };
            path: {
                buyer_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasteOrderIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["BuyerSheetOut"];
                };
            };
        };
    };
    checkPasteForBuyer: {
        parameters: {
            path: {
                buyer_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasteIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["BuyerPasteOut"];
                };
            };
        };
    };
    listPriceSubscriptions: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
            path: {
                buyer_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_SubscriptionOut_"];
                };
            };
        };
    };
    putPriceSubscription: {
        parameters: {
            path: {
                buyer_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubscriptionIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SubscriptionOut"];
                };
            };
        };
    };
    createQuoteForBuyer: {
        parameters: {
            path: {
                buyer_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QuoteIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["QuoteOut"];
                };
            };
        };
    };
    resumeBuyer: {
        parameters: {
            path: {
                buyer_id: string;
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["BuyerOut"];
                };
            };
        };
    };
    suspendBuyer: {
        parameters: {
            path: {
                buyer_id: string;
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["BuyerOut"];
                };
            };
        };
    };
    setTier: {
        parameters: {
            path: {
                buyer_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TierOfIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["BuyerOut"];
                };
            };
        };
    };
    listCalls: {
        parameters: {
            query?: {
                q?: string | null;
                method?: string | null;
                route?: string | null;
                code?: string | null;
                key_id?: string | null;
                ip?: string | null;
                refused?: boolean | null;
                status?: number | null;
                path?: string | null;
                organisation_id?: string | null;
                at_from?: string | null;
                at_to?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_CallOut_"];
                };
            };
        };
    };
    listCallingCompanies: {
        parameters: {
            query?: {
                hours?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["CallingOut"][];
                };
            };
        };
    };
    getCallStats: {
        parameters: {
            query?: {
                hours?: number;
                organisation_id?: string | null;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["CallStatsOut"];
                };
            };
        };
    };
    getCall: {
        parameters: {
            path: {
                call_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["CallFullOut"];
                };
            };
        };
    };
    replayCall: {
        parameters: {
            path: {
                call_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CallAgainIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["CallAgainOut"];
                };
            };
        };
    };
    findCases: {
        parameters: {
            query: {
                number: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["CaseList"];
                };
            };
        };
    };
    endClaim: {
        parameters: {
            path: {
                claim_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndClaimIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["commissary.settlement.wire.ClaimOut"];
                };
            };
        };
    };
    getClock: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ClockOut"];
                };
            };
        };
    };
    moveClock: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClockIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ClockOut"];
                };
            };
        };
    };
    listConnections: {
        parameters: {
            query?: {
                q?: string | null;
                status?: ("on" | "paused" | "off")[] | null;
                protocol?: string | null;
                supplier_id?: string | null;
                status_not?: ("on" | "paused" | "off")[] | null;
                protocol_not?: string | null;
                supplier_id_not?: string | null;
                sort?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Listed_ConnectionOut_"];
                };
            };
        };
    };
    addConnection: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConnectionIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["ConnectionOut"];
                };
            };
        };
    };
    totalConnections: {
        parameters: {
            query?: {
                q?: string | null;
                status?: ("on" | "paused" | "off")[] | null;
                protocol?: string | null;
                supplier_id?: string | null;
                status_not?: ("on" | "paused" | "off")[] | null;
                protocol_not?: string | null;
                supplier_id_not?: string | null;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Totals"];
                };
            };
        };
    };
    getConnection: {
        parameters: {
            path: {
                connection_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ConnectionOut"];
                };
            };
        };
    };
    editConnection: {
        parameters: {
            path: {
                connection_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConnectionEdit"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ConnectionOut"];
                };
            };
        };
    };
    getSupplierAccount: {
        parameters: {
            path: {
                connection_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SupplierAccountOut"];
                };
            };
        };
    };
    listClaims: {
        parameters: {
            query?: {
                status?: "waiting" | "granted" | "refused" | null;
                cursor?: string | null;
                size?: number;
            };
            path: {
                connection_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_ClaimOut_"];
                };
            };
        };
    };
    listSettlementDays: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
            path: {
                connection_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_DayOut_"];
                };
            };
        };
    };
    getSettlementDay: {
        parameters: {
            path: {
                connection_id: string;
                day: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["DayOut"];
                };
            };
        };
    };
    closeDay: {
        parameters: {
            path: {
                connection_id: string;
                day: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["DayOut"];
                };
            };
        };
    };
    exportEvidence: {
        parameters: {
            path: {
                connection_id: string;
                day: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/zip": string;
                };
            };
        };
    };
    listStatementLines: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
            path: {
                connection_id: string;
                day: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_LineOut_"];
                };
            };
        };
    };
    reconcileDay: {
        parameters: {
            path: {
                connection_id: string;
                day: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": {
                        [key: string]: string;
                    };
                };
            };
        };
    };
    importStatement: {
        parameters: {
            query?: {
                file_name?: string;
                replace?: boolean;
            };
            path: {
                connection_id: string;
                day: string;
            };
        };
        requestBody: {
            content: {
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                "text/csv": string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["commissary.settlement.wire.StatementOut"];
                };
            };
        };
    };
    pullStatement: {
        parameters: {
            query?: {
                replace?: boolean;
            };
            path: {
                connection_id: string;
                day: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["commissary.settlement.wire.StatementOut"];
                };
            };
        };
    };
    listExpectedStatements: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
            path: {
                connection_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_ExpectedOut_"];
                };
            };
        };
    };
    browseGoods: {
        parameters: {
            query?: {
                begin?: string;
            };
            path: {
                connection_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["GoodsOut"];
                };
            };
        };
    };
    listSupplierPayments: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
            path: {
                connection_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_PaymentOut_"];
                };
            };
        };
    };
    paySupplier: {
        parameters: {
            path: {
                connection_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PayIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["PaymentOut"];
                };
            };
        };
    };
    pullConnection: {
        parameters: {
            path: {
                connection_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["PulledOut"];
                };
            };
        };
    };
    getConnectionScore: {
        parameters: {
            query?: {
                days?: number;
            };
            path: {
                connection_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ScoreOut"];
                };
            };
        };
    };
    getStatementMapping: {
        parameters: {
            path: {
                connection_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Mapping"];
                };
            };
        };
    };
    setStatementMapping: {
        parameters: {
            path: {
                connection_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MappingIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Mapping"];
                };
            };
        };
    };
    getStatementSource: {
        parameters: {
            path: {
                connection_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["commissary.settlement.pull_routes.SourceOut"];
                };
            };
        };
    };
    setStatementSource: {
        parameters: {
            path: {
                connection_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SourceIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["commissary.settlement.pull_routes.SourceOut"];
                };
            };
        };
    };
    listSupplierStatements: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
            path: {
                connection_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_StatementOut_"];
                };
            };
        };
    };
    subscribeConnection: {
        parameters: {
            path: {
                connection_id: string;
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["ConnectionOut"];
                };
            };
        };
    };
    switchConnection: {
        parameters: {
            path: {
                connection_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SwitchIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ConnectionOut"];
                };
            };
        };
    };
    tryConnection: {
        parameters: {
            path: {
                connection_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["BalanceOut"];
                };
            };
        };
    };
    dropContact: {
        parameters: {
            path: {
                contact_id: string;
            };
        };
        responses: {
            204: {
            };
        };
    };
    revealContact: {
        parameters: {
            path: {
                contact_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["commissary.partners.wire.RevealIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["ContactClearOut"];
                };
            };
        };
    };
    listCreditAgeing: {
        parameters: {
            query?: {
                q?: string | null;
                overdue?: boolean;
                locked?: boolean;
                sort?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Listed_DebtorOut_"];
                };
            };
        };
    };
    totalCreditAgeing: {
        parameters: {
            query?: {
                q?: string | null;
                overdue?: boolean;
                locked?: boolean;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SumsOut"];
                };
            };
        };
    };
    getCustody: {
        parameters: {
            query?: {
                fingerprint?: string | null;
                batch_id?: string | null;
                seq?: number | null;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ChainOut"];
                };
            };
        };
    };
    traceCode: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["TraceIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["PlaceOut"];
                };
            };
        };
    };
    listDeclared: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_DeclaredOut_"];
                };
            };
        };
    };
    declareStock: {
        parameters: {
            path: {
                offer_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeclareIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["DeclaredOut"];
                };
            };
        };
    };
    listDifferences: {
        parameters: {
            query?: {
                connection_id?: string | null;
                day?: string | null;
                status?: "open" | "resolved" | null;
                kind?: "missing" | "extra" | "amount" | "late" | "status" | "quantity" | "duplicate" | "books" | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_DifferenceOut_"];
                };
            };
        };
    };
    resolveDifference: {
        parameters: {
            path: {
                difference_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResolveIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["DifferenceOut"];
                };
            };
        };
    };
    listenToEvents: {
        parameters: {
            header?: {
                "Last-Event-ID"?: string | null;
            };
        };
        responses: {
            200: {
                content: {
                    "text/event-stream": string;
                };
            };
        };
    };
    listExchangePositions: {
        parameters: {
            query?: {
                at?: string | null;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["PositionOut"][];
                };
            };
        };
    };
    getExchangeResult: {
        parameters: {
            query?: {
                from_at?: string | null;
                to_at?: string | null;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["commissary.ledger.rate_routes.ResultOut"];
                };
            };
        };
    };
    listExports: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_ExportOut_"];
                };
            };
        };
    };
    beginExport: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExportIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["ExportOut"];
                };
            };
            202: {
                content: {
                    "application/json": components["schemas"]["ApprovalAsked"];
                };
            };
        };
    };
    getExport: {
        parameters: {
            path: {
                export_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ExportOut"];
                };
            };
        };
    };
    fetchExport: {
        parameters: {
            path: {
                export_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/octet-stream": string;
                };
            };
        };
    };
    showExportPassword: {
        parameters: {
            path: {
                export_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ExportKeyOut"];
                };
            };
        };
    };
    getXianguanjiaApplication: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ApplicationOut"];
                };
            };
        };
    };
    enterXianguanjiaApplication: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApplicationIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ApplicationOut"];
                };
            };
        };
    };
    firstSteps: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["FirstStepList"];
                };
            };
        };
    };
    listFixRequests: {
        parameters: {
            query?: {
                status?: "open" | "corrected" | "expired" | "withdrawn" | null;
                order_id?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_FixRequestOut_"];
                };
            };
        };
    };
    getFixTerms: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["FixTermsOut"];
                };
            };
        };
    };
    setFixTerms: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["FixTermsIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["FixTermsOut"];
                };
            };
        };
    };
    listFloors: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_FloorOut_"];
                };
            };
        };
    };
    setFloor: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["FloorIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["FloorOut"];
                };
            };
            202: {
                content: {
                    "application/json": components["schemas"]["ApprovalAsked"];
                };
            };
        };
    };
    importCodes: {
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                    options: string;
                };
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["ImportOut"];
                };
            };
        };
    };
    exportFaults: {
        parameters: {
            path: {
                import_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    getInbox: {
        parameters: {
            query?: {
                kind?: "approval" | "price_proposal" | "restock" | "paper" | "purchase" | null;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["InboxOut"];
                };
            };
        };
    };
    listIntakes: {
        parameters: {
            query?: {
                status?: "waiting" | "released" | "refused" | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_IntakeOut_"];
                };
            };
        };
    };
    refuseIntake: {
        parameters: {
            path: {
                intake_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["IntakeOut"];
                };
            };
        };
    };
    releaseIntake: {
        parameters: {
            path: {
                intake_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReleaseIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["IntakeOut"];
                };
            };
        };
    };
    listInvitations: {
        parameters: {
            query?: {
                organisation_id?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_InvitationOut_"];
                };
            };
        };
    };
    invite: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["InviteIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["InvitationOut"];
                };
            };
        };
    };
    revokeInvitation: {
        parameters: {
            path: {
                invitation_id: string;
            };
        };
        responses: {
            204: {
            };
        };
    };
    listJobs: {
        parameters: {
            query?: {
                kind?: string[] | null;
                status?: components["schemas"]["JobState"][] | null;
                mine?: boolean;
                created_from?: string | null;
                created_to?: string | null;
                kind_not?: string[] | null;
                status_not?: components["schemas"]["JobState"][] | null;
                sort?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Listed_JobOut_"];
                };
            };
        };
    };
    totalJobs: {
        parameters: {
            query?: {
                kind?: string[] | null;
                status?: components["schemas"]["JobState"][] | null;
                mine?: boolean;
                created_from?: string | null;
                created_to?: string | null;
                kind_not?: string[] | null;
                status_not?: components["schemas"]["JobState"][] | null;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Totals"];
                };
            };
        };
    };
    getJob: {
        parameters: {
            path: {
                job_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
        };
    };
    cancelJob: {
        parameters: {
            path: {
                job_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
        };
    };
    join: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["JoinIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["InvitedOut"];
                };
            };
        };
    };
    lookAtInvitation: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["JoinLookIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["InvitedOut"];
                };
            };
        };
    };
    listJournal: {
        parameters: {
            query?: {
                q?: string | null;
                account_id?: number | null;
                order_id?: string | null;
                kind?: ("sale" | "capture" | "refund" | "recharge" | "withdrawal" | "adjustment" | "reversal" | "purchase" | "opening" | "allotment" | "debt" | "exchange")[] | null;
                at_from?: string | null;
                at_to?: string | null;
                sort?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Listed_JournalOut_"];
                };
            };
        };
    };
    totalJournal: {
        parameters: {
            query?: {
                q?: string | null;
                account_id?: number | null;
                order_id?: string | null;
                kind?: ("sale" | "capture" | "refund" | "recharge" | "withdrawal" | "adjustment" | "reversal" | "purchase" | "opening" | "allotment" | "debt" | "exchange")[] | null;
                at_from?: string | null;
                at_to?: string | null;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SumsOut"];
                };
            };
        };
    };
    getTransfer: {
        parameters: {
            path: {
                transfer_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["JournalOut"];
                };
            };
        };
    };
    listKeys: {
        parameters: {
            query?: {
                organisation_id?: string | null;
                mode?: "live" | "test";
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_KeyListedOut_"];
                };
            };
        };
    };
    changeKey: {
        parameters: {
            path: {
                key_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeyEdit"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["KeyOut"];
                };
            };
        };
    };
    revokeKey: {
        parameters: {
            path: {
                key_id: string;
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["KeyOut"];
                };
            };
        };
    };
    rotateKey: {
        parameters: {
            path: {
                key_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["commissary.tenancy.wire.RotateIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["KeyOut"];
                };
            };
        };
    };
    getMe: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["MeOut"];
                };
            };
        };
    };
    listFactors: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["FactorsOut"];
                };
            };
        };
    };
    setMode: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["ModeIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ModeIn"];
                };
            };
        };
    };
    addPasskey: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasskeyIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["RecoveryOut"];
                };
            };
        };
    };
    beginPasskey: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["commissary.tenancy.sign_in_routes.OptionsOut"];
                };
            };
        };
    };
    dropPasskey: {
        parameters: {
            path: {
                passkey_id: string;
            };
        };
        responses: {
            204: {
            };
        };
    };
    changePassword: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordIn"];
            };
        };
        responses: {
            204: {
            };
        };
    };
    makeRecoveryCodes: {
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["RecoveryOut"];
                };
            };
        };
    };
    enrolTotp: {
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["TotpOut"];
                };
            };
        };
    };
    dropTotp: {
        responses: {
            204: {
            };
        };
    };
    confirmTotp: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["commissary.tenancy.factor_routes.CodeIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["RecoveryOut"];
                };
            };
        };
    };
    listEnums: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["EnumsOut"];
                };
            };
        };
    };
    listNameLists: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_NameListOut_"];
                };
            };
        };
    };
    uploadNameList: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["NameListIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["NamesUploadedOut"];
                };
            };
        };
    };
    namesOf: {
        parameters: {
            query?: {
                people?: string | null;
                skus?: string | null;
                products?: string | null;
                buyers?: string | null;
                suppliers?: string | null;
                connections?: string | null;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["NameList"];
                };
            };
        };
    };
    listNotices: {
        parameters: {
            query?: {
                kind?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["NoticePage"];
                };
            };
        };
    };
    seeNotices: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["SeenIn"];
            };
        };
        responses: {
            204: {
            };
        };
    };
    listObjections: {
        parameters: {
            query?: {
                status?: "open" | "accepted" | "refused" | null;
                connection_id?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_ObjectionOut_"];
                };
            };
        };
    };
    answerObjection: {
        parameters: {
            path: {
                objection_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AnswerIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ObjectionOut"];
                };
            };
        };
    };
    getObjectionFile: {
        parameters: {
            path: {
                objection_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/octet-stream": string;
                };
            };
        };
    };
    listOffers: {
        parameters: {
            query?: {
                sku_id?: string | null;
                connection_id?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_OfferOut_"];
                };
            };
        };
    };
    linkOffer: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["OfferIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["OfferOut"];
                };
            };
        };
    };
    setOffer: {
        parameters: {
            path: {
                offer_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OfferEdit"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["OfferOut"];
                };
            };
        };
    };
    listOrderFiles: {
        parameters: {
            query?: {
                status?: "running" | "done" | "cancelled" | null;
                buyer_id?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["BuyerSheetList"];
                };
            };
        };
    };
    uploadOrderFileForBuyer: {
        parameters: {
            query: {
                buyer_id: string;
                file_name?: string;
            };
            header: {
                "Idempotency-Key": string;
            };
        };
        requestBody: {
            content: {
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                "text/csv": string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["BuyerSheetOut"];
                };
            };
        };
    };
    checkOrderFileForBuyer: {
        parameters: {
            query?: {
                file_name?: string;
            };
        };
        requestBody: {
            content: {
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                "text/csv": string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["CheckOut"];
                };
            };
        };
    };
    getOrderFileForConsole: {
        parameters: {
            path: {
                sheet_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["BuyerSheetOut"];
                };
            };
        };
    };
    cancelOrderFileForConsole: {
        parameters: {
            path: {
                sheet_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["BuyerSheetOut"];
                };
            };
        };
    };
    getOrderFileResultForConsole: {
        parameters: {
            path: {
                sheet_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    listOrdersForConsole: {
        parameters: {
            query?: {
                q?: string | null;
                status?: ("review" | "scheduled" | "processing" | "delivered" | "partially_delivered" | "failed" | "cancelled" | "reversed")[] | null;
                buyer_id?: string | null;
                sku_id?: string | null;
                supplier_id?: string | null;
                channel?: string | null;
                placed_from?: string | null;
                placed_to?: string | null;
                amount_min?: string | null;
                amount_max?: string | null;
                mode?: "stock" | "manual" | "supply" | null;
                verdict?: "allow" | "review" | "refuse" | null;
                status_not?: ("review" | "scheduled" | "processing" | "delivered" | "partially_delivered" | "failed" | "cancelled" | "reversed")[] | null;
                buyer_id_not?: string | null;
                sku_id_not?: string | null;
                supplier_id_not?: string | null;
                channel_not?: string | null;
                mode_not?: "stock" | "manual" | "supply" | null;
                verdict_not?: "allow" | "review" | "refuse" | null;
                sort?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Listed_OrderRow_"];
                };
            };
        };
    };
    actOnOrders: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["BulkOut"];
                };
            };
        };
    };
    totalOrdersForConsole: {
        parameters: {
            query?: {
                q?: string | null;
                status?: ("review" | "scheduled" | "processing" | "delivered" | "partially_delivered" | "failed" | "cancelled" | "reversed")[] | null;
                buyer_id?: string | null;
                sku_id?: string | null;
                supplier_id?: string | null;
                channel?: string | null;
                placed_from?: string | null;
                placed_to?: string | null;
                amount_min?: string | null;
                amount_max?: string | null;
                mode?: "stock" | "manual" | "supply" | null;
                verdict?: "allow" | "review" | "refuse" | null;
                status_not?: ("review" | "scheduled" | "processing" | "delivered" | "partially_delivered" | "failed" | "cancelled" | "reversed")[] | null;
                buyer_id_not?: string | null;
                sku_id_not?: string | null;
                supplier_id_not?: string | null;
                channel_not?: string | null;
                mode_not?: "stock" | "manual" | "supply" | null;
                verdict_not?: "allow" | "review" | "refuse" | null;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Totals"];
                };
            };
        };
    };
    approveOrder: {
        parameters: {
            path: {
                order_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApproveIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SettledOut"][];
                };
            };
        };
    };
    blockOrder: {
        parameters: {
            path: {
                order_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BlockIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SettledOut"][];
                };
            };
        };
    };
    cancelOrderByStaff: {
        parameters: {
            path: {
                order_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CancelIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["LineSettled"][];
                };
            };
        };
    };
    correctLineForBuyer: {
        parameters: {
            header: {
                "Idempotency-Key": string;
            };
            path: {
                order_id: string;
                line_no: number;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CorrectIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SettledOut"];
                };
            };
        };
    };
    revealCode: {
        parameters: {
            path: {
                order_id: string;
                line_no: number;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RevealCodeIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["RevealedCodeOut"];
                };
            };
        };
    };
    withdrawFixRequest: {
        parameters: {
            path: {
                order_id: string;
                line_no: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SettledOut"];
                };
            };
        };
    };
    getWorkLogForConsole: {
        parameters: {
            path: {
                order_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["LogPage"];
                };
            };
        };
    };
    listAuthenticityPages: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
            path: {
                order_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_QrOfCodeOut_"];
                };
            };
        };
    };
    getOrderProofForConsole: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
            path: {
                order_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["commissary.insight.proof_wire.ProofOut"];
                };
            };
        };
    };
    listPurchasesOfOrder: {
        parameters: {
            path: {
                order_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["PurchaseOfOrderOut"][];
                };
            };
        };
    };
    reverseLine: {
        parameters: {
            header: {
                "Idempotency-Key": string;
            };
            path: {
                order_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReverseIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SettledOut"];
                };
            };
        };
    };
    getOrderSnapshotForConsole: {
        parameters: {
            path: {
                order_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SnapshotOut"];
                };
            };
        };
    };
    listOrganisations: {
        parameters: {
            query?: {
                kind?: "mall" | "buyer" | "supplier" | "enterprise" | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_OrganisationOut_"];
                };
            };
        };
    };
    listContacts: {
        parameters: {
            path: {
                organisation_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ContactOut"][];
                };
            };
        };
    };
    addContact: {
        parameters: {
            path: {
                organisation_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ContactIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["ContactOut"];
                };
            };
        };
    };
    setPersonStatus: {
        parameters: {
            path: {
                organisation_id: string;
                person_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StatusIn"];
            };
        };
        responses: {
            204: {
            };
        };
    };
    setRole: {
        parameters: {
            path: {
                organisation_id: string;
                person_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleIn"];
            };
        };
        responses: {
            204: {
            };
        };
    };
    getMyBalance: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["AccountOut"];
                };
            };
        };
    };
    getMyBusiness: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["MyBusinessOut"];
                };
            };
        };
    };
    setMyBusiness: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["BusinessIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["MyBusinessOut"];
                };
            };
        };
    };
    listMyCalls: {
        parameters: {
            query?: {
                q?: string | null;
                method?: string | null;
                route?: string | null;
                code?: string | null;
                key_id?: string | null;
                ip?: string | null;
                refused?: boolean | null;
                status?: number | null;
                path?: string | null;
                organisation_id?: string | null;
                at_from?: string | null;
                at_to?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_CallOut_"];
                };
            };
        };
    };
    getMyCallStats: {
        parameters: {
            query?: {
                hours?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["CallStatsOut"];
                };
            };
        };
    };
    getMyCall: {
        parameters: {
            path: {
                call_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["CallFullOut"];
                };
            };
        };
    };
    replayMyCall: {
        parameters: {
            path: {
                call_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CallAgainIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["CallAgainOut"];
                };
            };
        };
    };
    listMyConnections: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["MyConnectionList"];
                };
            };
        };
    };
    listMySettlementDays: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
            path: {
                connection_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_DayOut_"];
                };
            };
        };
    };
    listMyDifferences: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
            path: {
                connection_id: string;
                day: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_MyDifferenceOut_"];
                };
            };
        };
    };
    listMyStatementLines: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
            path: {
                connection_id: string;
                day: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_MyLineOut_"];
                };
            };
        };
    };
    objectToMyDay: {
        parameters: {
            path: {
                connection_id: string;
                day: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ObjectionIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["ObjectionOut"];
                };
            };
        };
    };
    exportMyDay: {
        parameters: {
            path: {
                connection_id: string;
                day: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/zip": string;
                };
            };
        };
    };
    listMyPayments: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
            path: {
                connection_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_MyPaymentOut_"];
                };
            };
        };
    };
    listMySupplierStatements: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
            path: {
                connection_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_StatementOut_"];
                };
            };
        };
    };
    listMyTroubles: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
            path: {
                connection_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_MyTroubleOut_"];
                };
            };
        };
    };
    tryMyConnection: {
        parameters: {
            path: {
                connection_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["BalanceOut"];
                };
            };
        };
    };
    listMyDepartments: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["DepartmentsOut"];
                };
            };
        };
    };
    openMyDepartment: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["DepartmentIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["DepartmentOut"];
                };
            };
        };
    };
    getMyDepartment: {
        parameters: {
            path: {
                department_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["DepartmentOut"];
                };
            };
        };
    };
    editMyDepartment: {
        parameters: {
            path: {
                department_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DepartmentEdit"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["DepartmentOut"];
                };
            };
        };
    };
    moveMyBudget: {
        parameters: {
            header?: {
                "Idempotency-Key"?: string;
            };
            path: {
                department_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BudgetMoveIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["BudgetMoved"];
                };
            };
        };
    };
    closeMyDepartment: {
        parameters: {
            path: {
                department_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["DepartmentOut"];
                };
            };
        };
    };
    issueMyDepartmentKey: {
        parameters: {
            path: {
                department_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DepartmentKeyIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["DepartmentKeyOut"];
                };
            };
        };
    };
    setMyDepartmentMember: {
        parameters: {
            path: {
                department_id: string;
                person_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MemberIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["MemberOut"];
                };
            };
        };
    };
    dropMyDepartmentMember: {
        parameters: {
            path: {
                department_id: string;
                person_id: string;
            };
        };
        responses: {
            204: {
            };
        };
    };
    listMyDepartmentStatements: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
            path: {
                department_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["StatementList"];
                };
            };
        };
    };
    makeMyDepartmentStatement: {
        parameters: {
            path: {
                department_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StatementIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["commissary.ledger.wire.StatementOut"];
                };
            };
        };
    };
    exportMyDepartmentStatement: {
        parameters: {
            path: {
                department_id: string;
                statement_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    listMyDepartmentTransfers: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
            path: {
                department_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_DepartmentTransferOut_"];
                };
            };
        };
    };
    listMyGoods: {
        parameters: {
            query?: {
                q?: string | null;
                brand_id?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_MyGoodOut_"];
                };
            };
        };
    };
    listMyIntakes: {
        parameters: {
            query?: {
                status?: "waiting" | "released" | "refused" | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_IntakeOut_"];
                };
            };
        };
    };
    bringMyCodes: {
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                    options: string;
                };
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["MyIntakeOut"];
                };
            };
        };
    };
    getMyIntake: {
        parameters: {
            path: {
                intake_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["IntakeOut"];
                };
            };
        };
    };
    listMyKeys: {
        parameters: {
            query?: {
                mode?: "live" | "test";
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_KeyListedOut_"];
                };
            };
        };
    };
    issueMyKey: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["BuyerKeyIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["NewKeyOut"];
                };
            };
        };
    };
    changeMyKey: {
        parameters: {
            path: {
                key_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeyEdit"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["KeyOut"];
                };
            };
        };
    };
    revokeMyKey: {
        parameters: {
            path: {
                key_id: string;
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["KeyOut"];
                };
            };
        };
    };
    rotateMyKey: {
        parameters: {
            path: {
                key_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["commissary.tenancy.wire.RotateIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["KeyOut"];
                };
            };
        };
    };
    listMyObjections: {
        parameters: {
            query?: {
                status?: "open" | "accepted" | "refused" | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_ObjectionOut_"];
                };
            };
        };
    };
    getMyObjectionFile: {
        parameters: {
            path: {
                objection_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/octet-stream": string;
                };
            };
        };
    };
    keepMyObjectionFile: {
        parameters: {
            query?: {
                file_name?: string;
            };
            path: {
                objection_id: string;
            };
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ObjectionOut"];
                };
            };
        };
    };
    listMyOffers: {
        parameters: {
            query?: {
                q?: string | null;
                status?: ("on" | "held" | "off")[] | null;
                connection_id?: string | null;
                sort?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Listed_MyOfferOut_"];
                };
            };
        };
    };
    exportMyOffers: {
        responses: {
            200: {
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    declareMyOffers: {
        parameters: {
            query?: {
                file_name?: string;
                dry_run?: boolean;
            };
        };
        requestBody: {
            content: {
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                "text/csv": string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["MyOffersTold"];
                };
            };
        };
    };
    totalMyOffers: {
        parameters: {
            query?: {
                q?: string | null;
                status?: ("on" | "held" | "off")[] | null;
                connection_id?: string | null;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Totals"];
                };
            };
        };
    };
    listMyOrderFiles: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SheetList"];
                };
            };
        };
    };
    uploadMyOrderFile: {
        parameters: {
            query?: {
                file_name?: string;
            };
            header: {
                "Idempotency-Key": string;
            };
        };
        requestBody: {
            content: {
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                "text/csv": string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SheetOut"];
                };
            };
        };
    };
    checkMyOrderFile: {
        parameters: {
            query?: {
                file_name?: string;
            };
        };
        requestBody: {
            content: {
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                "text/csv": string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["CheckOut"];
                };
            };
        };
    };
    getMyOrderFile: {
        parameters: {
            path: {
                sheet_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SheetOut"];
                };
            };
        };
    };
    cancelMyOrderFile: {
        parameters: {
            path: {
                sheet_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SheetOut"];
                };
            };
        };
    };
    getMyOrderFileResult: {
        parameters: {
            path: {
                sheet_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    listMyOrders: {
        parameters: {
            query?: {
                q?: string | null;
                status?: ("review" | "scheduled" | "processing" | "delivered" | "partially_delivered" | "failed" | "cancelled" | "reversed")[] | null;
                sku_id?: string | null;
                channel?: string | null;
                placed_from?: string | null;
                placed_to?: string | null;
                amount_min?: string | null;
                amount_max?: string | null;
                status_not?: ("review" | "scheduled" | "processing" | "delivered" | "partially_delivered" | "failed" | "cancelled" | "reversed")[] | null;
                sku_id_not?: string | null;
                sort?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Listed_MyOrderRow_"];
                };
            };
        };
    };
    placeMyOrder: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["MyOrderIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["OrderOut"];
                };
            };
        };
    };
    placeMyOrders: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["MyOrdersIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["MyOrdersOut"];
                };
            };
        };
    };
    exportMyOrders: {
        parameters: {
            query?: {
                q?: string | null;
                status?: ("review" | "scheduled" | "processing" | "delivered" | "partially_delivered" | "failed" | "cancelled" | "reversed")[] | null;
                sku_id?: string | null;
                channel?: string | null;
                placed_from?: string | null;
                placed_to?: string | null;
                amount_min?: string | null;
                amount_max?: string | null;
                status_not?: ("review" | "scheduled" | "processing" | "delivered" | "partially_delivered" | "failed" | "cancelled" | "reversed")[] | null;
                sku_id_not?: string | null;
            };
        };
        responses: {
            200: {
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    totalMyOrders: {
        parameters: {
            query?: {
                q?: string | null;
                status?: ("review" | "scheduled" | "processing" | "delivered" | "partially_delivered" | "failed" | "cancelled" | "reversed")[] | null;
                sku_id?: string | null;
                channel?: string | null;
                placed_from?: string | null;
                placed_to?: string | null;
                amount_min?: string | null;
                amount_max?: string | null;
                status_not?: ("review" | "scheduled" | "processing" | "delivered" | "partially_delivered" | "failed" | "cancelled" | "reversed")[] | null;
                sku_id_not?: string | null;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Totals"];
                };
            };
        };
    };
    getMyOrder: {
        parameters: {
            path: {
                order_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["OrderOut"];
                };
            };
        };
    };
    cancelMyOrder: {
        parameters: {
            path: {
                order_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CancelIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["OrderOut"];
                };
            };
        };
    };
    listMyCodes: {
        parameters: {
            path: {
                order_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["MaskedList"];
                };
            };
        };
    };
    revealMyCode: {
        parameters: {
            path: {
                order_id: string;
                line_no: number;
                position: number;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["commissary.orders.own_wire.RevealIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["RevealedCodeOut"];
                };
            };
        };
    };
    correctMyLine: {
        parameters: {
            header: {
                "Idempotency-Key": string;
            };
            path: {
                order_id: string;
                line_no: number;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CorrectIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SettledOut"];
                };
            };
        };
    };
    getMyWorkLog: {
        parameters: {
            path: {
                order_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["LogPage"];
                };
            };
        };
    };
    listMyAuthenticityPages: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
            path: {
                order_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_QrOut_"];
                };
            };
        };
    };
    getMyOrderProof: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
            path: {
                order_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["commissary.insight.proof_wire.ProofOut"];
                };
            };
        };
    };
    getMyOrderSnapshot: {
        parameters: {
            path: {
                order_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SnapshotOut"];
                };
            };
        };
    };
    orderMyPaste: {
        parameters: {
            header: {
                "Idempotency-Key": string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasteOrderIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SheetOut"];
                };
            };
        };
    };
    checkMyPaste: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasteIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["PasteOut"];
                };
            };
        };
    };
    listMyPeople: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_PersonOut_"];
                };
            };
        };
    };
    addMyPerson: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["OwnPersonIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["PersonOut"];
                };
            };
        };
    };
    setMyPersonStatus: {
        parameters: {
            path: {
                person_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StatusIn"];
            };
        };
        responses: {
            204: {
            };
        };
    };
    setMyPersonRole: {
        parameters: {
            path: {
                person_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleIn"];
            };
        };
        responses: {
            204: {
            };
        };
    };
    listMyPriceSubscriptions: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_SubscriptionOut_"];
                };
            };
        };
    };
    putMyPriceSubscription: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubscriptionIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SubscriptionOut"];
                };
            };
        };
    };
    removeMyPriceSubscription: {
        parameters: {
            path: {
                subscription_id: string;
            };
        };
        responses: {
            204: {
            };
        };
    };
    getMyQuota: {
        parameters: {
            query: {
                key_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["QuotaOut"];
                };
            };
        };
    };
    createMyQuote: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["QuoteIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["QuoteOut"];
                };
            };
        };
    };
    listGoodsToAskFor: {
        parameters: {
            query?: {
                q?: string | null;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["AskableList"];
                };
            };
        };
    };
    listMyRequests: {
        parameters: {
            query?: {
                whose?: "mine" | "to_decide" | "all";
                status?: ("asked" | "approved" | "placed" | "refused" | "withdrawn" | "failed")[] | null;
                department_id?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["RequestPage"];
                };
            };
        };
    };
    askToBuy: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["RequestIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["RequestOut"];
                };
            };
        };
    };
    getMyRequest: {
        parameters: {
            path: {
                request_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["RequestOut"];
                };
            };
        };
    };
    decideMyRequest: {
        parameters: {
            path: {
                request_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RequestDecisionIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["RequestOut"];
                };
            };
        };
    };
    withdrawMyRequest: {
        parameters: {
            path: {
                request_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["RequestOut"];
                };
            };
        };
    };
    getMySales: {
        parameters: {
            query?: {
                from_day?: string | null;
                to_day?: string | null;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SalesOut"];
                };
            };
        };
    };
    getMyStanding: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["MyStandingOut"];
                };
            };
        };
    };
    listMyStatements: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["StatementList"];
                };
            };
        };
    };
    exportMyStatement: {
        parameters: {
            path: {
                statement_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    getMySupply: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["MySupplyOut"];
                };
            };
        };
    };
    issueMySupplyKey: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeyIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["NewKeyOut"];
                };
            };
        };
    };
    provideMyRequests: {
        parameters: {
            query?: {
                file_name?: string;
                dry_run?: boolean;
            };
        };
        requestBody: {
            content: {
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                "text/csv": string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ProvidedResultsOut"];
                };
            };
        };
    };
    listMyTransfers: {
        parameters: {
            query?: {
                kind?: ("sale" | "capture" | "refund" | "recharge" | "withdrawal" | "adjustment" | "reversal" | "purchase" | "opening" | "allotment" | "debt" | "exchange")[] | null;
                at_from?: string | null;
                at_to?: string | null;
                sort?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Listed_OwnTransferOut_"];
                };
            };
        };
    };
    totalMyTransfers: {
        parameters: {
            query?: {
                kind?: ("sale" | "capture" | "refund" | "recharge" | "withdrawal" | "adjustment" | "reversal" | "purchase" | "opening" | "allotment" | "debt" | "exchange")[] | null;
                at_from?: string | null;
                at_to?: string | null;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Totals"];
                };
            };
        };
    };
    listMyDeliveries: {
        parameters: {
            query?: {
                endpoint_id?: string | null;
                subject_id?: string | null;
                status?: components["schemas"]["DeliveryState"] | null;
                event?: string | null;
                created_from?: string | null;
                created_to?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_DeliveryOut_"];
                };
            };
        };
    };
    replayMyDeliveries: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ReplayOut"];
                };
            };
        };
    };
    getMyDelivery: {
        parameters: {
            path: {
                delivery_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["DeliveryFullOut"];
                };
            };
        };
    };
    listMyEndpoints: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_EndpointOut_"];
                };
            };
        };
    };
    addMyEndpoint: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["OwnEndpointIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["NewEndpointOut"];
                };
            };
        };
    };
    changeMyEndpoint: {
        parameters: {
            path: {
                endpoint_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndpointEdit"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
        };
    };
    disableMyEndpoint: {
        parameters: {
            path: {
                endpoint_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
        };
    };
    pauseMyEndpoint: {
        parameters: {
            path: {
                endpoint_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
        };
    };
    resumeMyEndpoint: {
        parameters: {
            path: {
                endpoint_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
        };
    };
    rotateMyEndpointSecret: {
        parameters: {
            path: {
                endpoint_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["commissary.notify.wire.RotateIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["NewEndpointOut"];
                };
            };
        };
    };
    testMyEndpoint: {
        parameters: {
            path: {
                endpoint_id: string;
            };
        };
        responses: {
            202: {
                content: {
                    "application/json": components["schemas"]["QueuedOut"];
                };
            };
        };
    };
    checkMySignature: {
        parameters: {
            path: {
                endpoint_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignatureIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SignatureOut"];
                };
            };
        };
    };
    beginMyResend: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResendIn"];
            };
        };
        responses: {
            202: {
                content: {
                    "application/json": components["schemas"]["BegunOut"];
                };
            };
        };
    };
    getMyResend: {
        parameters: {
            path: {
                job_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ResendOut"];
                };
            };
        };
    };
    cancelMyResend: {
        parameters: {
            path: {
                job_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ResendOut"];
                };
            };
        };
    };
    listPaperKinds: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["PaperKindOut"][];
                };
            };
        };
    };
    listPaperRules: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["PaperRule"][];
                };
            };
        };
    };
    addPaperRule: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["PaperRuleIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["PaperRule"];
                };
            };
        };
    };
    listPapers: {
        parameters: {
            query?: {
                supplier_id?: string | null;
                status?: "submitted" | "accepted" | "refused" | "expired" | "withdrawn" | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_PaperOut_"];
                };
            };
        };
    };
    acceptPaper: {
        parameters: {
            path: {
                paper_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AcceptIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["PaperOut"];
                };
            };
        };
    };
    readPaperFile: {
        parameters: {
            path: {
                paper_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/octet-stream": string;
                };
            };
        };
    };
    keepPaperFile: {
        parameters: {
            path: {
                paper_id: string;
            };
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["PaperOut"];
                };
            };
        };
    };
    refusePaper: {
        parameters: {
            path: {
                paper_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WhyIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["PaperOut"];
                };
            };
        };
    };
    withdrawPaper: {
        parameters: {
            path: {
                paper_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WhyIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["PaperOut"];
                };
            };
        };
    };
    listPeople: {
        parameters: {
            query?: {
                organisation_id?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_PersonOut_"];
                };
            };
        };
    };
    addPerson: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["PersonIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["PersonOut"];
                };
            };
        };
    };
    endSessionsOf: {
        parameters: {
            path: {
                person_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["EndedOut"];
                };
            };
        };
    };
    resetFactors: {
        parameters: {
            path: {
                person_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResetIn"];
            };
        };
        responses: {
            204: {
            };
        };
    };
    listPriceChanges: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_ChangeOut_"];
                };
            };
        };
    };
    undoPriceChange: {
        parameters: {
            path: {
                change_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UndoIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["ChangeOut"];
                };
            };
            202: {
                content: {
                    "application/json": components["schemas"]["ApprovalAsked"];
                };
            };
        };
    };
    listPriceFollows: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_FollowOut_"];
                };
            };
        };
    };
    setPriceFollow: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["FollowIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["FollowOut"];
                };
            };
        };
    };
    getPriceMatrix: {
        parameters: {
            query: {
                sku_id: string[];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["MatrixOut"];
                };
            };
        };
    };
    listPriceProposals: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_ProposalOut_"];
                };
            };
        };
    };
    decidePriceProposal: {
        parameters: {
            path: {
                proposal_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecisionIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ProposalOut"];
                };
            };
        };
    };
    removePriceSubscription: {
        parameters: {
            path: {
                subscription_id: string;
            };
        };
        responses: {
            204: {
            };
        };
    };
    listTemplates: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_TemplateOut_"];
                };
            };
        };
    };
    saveTemplate: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["TemplateIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["TemplateOut"];
                };
            };
        };
    };
    applyTemplate: {
        parameters: {
            path: {
                template_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApplyIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["AppliedOut"];
                };
            };
            202: {
                content: {
                    "application/json": components["schemas"]["ApprovalAsked"];
                };
            };
        };
    };
    previewTemplate: {
        parameters: {
            path: {
                template_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["PreviewOut"];
                };
            };
        };
    };
    setPrices: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["PricesIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["ChangeOut"];
                };
            };
            202: {
                content: {
                    "application/json": components["schemas"]["ApprovalAsked"];
                };
            };
        };
    };
    previewPrices: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["PricesLookIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["PriceLookOut"][];
                };
            };
        };
    };
    listProducts: {
        parameters: {
            query?: {
                q?: string | null;
                brand_id?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_ProductOut_"];
                };
            };
        };
    };
    addProduct: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProductIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["ProductOut"];
                };
            };
        };
    };
    editProduct: {
        parameters: {
            path: {
                product_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProductEdit"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ProductOut"];
                };
            };
        };
    };
    listProtocols: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ProtocolOut"][];
                };
            };
        };
    };
    getPulse: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["PulseOut"];
                };
            };
        };
    };
    listPurchasesForPeople: {
        parameters: {
            query?: {
                q?: string | null;
                connection_id?: string | null;
                supplier_id?: string | null;
                sku_id?: string | null;
                connection_id_not?: string | null;
                supplier_id_not?: string | null;
                sku_id_not?: string | null;
                sort?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Listed_PurchaseOut_"];
                };
            };
        };
    };
    totalPurchasesForPeople: {
        parameters: {
            query?: {
                q?: string | null;
                connection_id?: string | null;
                supplier_id?: string | null;
                sku_id?: string | null;
                connection_id_not?: string | null;
                supplier_id_not?: string | null;
                sku_id_not?: string | null;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Totals"];
                };
            };
        };
    };
    decidePurchase: {
        parameters: {
            path: {
                purchase_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["commissary.fulfilment.purchase_routes.DecideIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["PurchaseOut"];
                };
            };
        };
    };
    openEvidence: {
        parameters: {
            path: {
                purchase_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EvidenceIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["EvidenceOut"];
                };
            };
        };
    };
    listQuarantines: {
        parameters: {
            query?: {
                supplier_id?: string | null;
                status?: "open" | "released" | "confirmed" | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_QuarantineOut_"];
                };
            };
        };
    };
    confirmQuarantine: {
        parameters: {
            path: {
                quarantine_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WhyIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["QuarantineOut"];
                };
            };
        };
    };
    releaseQuarantine: {
        parameters: {
            path: {
                quarantine_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WhyIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["QuarantineOut"];
                };
            };
        };
    };
    getQuota: {
        parameters: {
            query: {
                key_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["QuotaOut"];
                };
            };
        };
    };
    listRates: {
        parameters: {
            query?: {
                currency?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_RateOut_"];
                };
            };
        };
    };
    setRates: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["RatesIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["RateOut"][];
                };
            };
        };
    };
    listCurrentRates: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["CurrentOut"][];
                };
            };
        };
    };
    importRates: {
        parameters: {
            query: {
                source: string;
                file_name?: string;
                confirm?: boolean;
            };
        };
        requestBody: {
            content: {
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                "text/csv": string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["RateOut"][];
                };
            };
        };
    };
    getRateLimits: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["RateLimits"];
                };
            };
        };
    };
    setRateLimits: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["LimitsIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["RateLimits"];
                };
            };
        };
    };
    getRestockLimits: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["RestockLimitsOut"];
                };
            };
        };
    };
    setRestockLimits: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["RestockLimitsIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["RestockLimitsOut"];
                };
            };
        };
    };
    listRestockPolicies: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_RestockPolicyOut_"];
                };
            };
        };
    };
    listRestocks: {
        parameters: {
            query?: {
                sku_id?: string | null;
                status?: "proposed" | "going" | "done" | "failed" | "refused" | "lapsed" | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_RestockOut_"];
                };
            };
        };
    };
    getRestock: {
        parameters: {
            path: {
                restock_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["RestockWholeOut"];
                };
            };
        };
    };
    approveRestock: {
        parameters: {
            path: {
                restock_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApproveRestockIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["RestockOut"];
                };
            };
        };
    };
    refuseRestock: {
        parameters: {
            path: {
                restock_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefuseRestockIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["RestockOut"];
                };
            };
        };
    };
    listReveals: {
        parameters: {
            query?: {
                person_id?: string | null;
                subject?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_RevealedOut_"];
                };
            };
        };
    };
    listRiskDecisions: {
        parameters: {
            query?: {
                verdict?: "allow" | "review" | "refuse" | null;
                buyer_id?: string | null;
                order_id?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["DecisionList"];
                };
            };
        };
    };
    getRiskDecision: {
        parameters: {
            path: {
                decision_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["commissary.risk.wire.DecisionOut"];
                };
            };
        };
    };
    listRiskEntries: {
        parameters: {
            query?: {
                list?: "deny" | "allow" | "watch" | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["EntryList"];
                };
            };
        };
    };
    addRiskEntry: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["EntryIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["commissary.risk.wire.EntryOut"];
                };
            };
        };
    };
    removeRiskEntry: {
        parameters: {
            path: {
                entry_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RemovalIn"];
            };
        };
        responses: {
            204: {
            };
        };
    };
    listRiskRules: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["RuleList"];
                };
            };
        };
    };
    createRiskRule: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["RuleIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["RuleOut"];
                };
            };
        };
    };
    editRiskRule: {
        parameters: {
            path: {
                rule_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RuleChange"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["RuleOut"];
                };
            };
        };
    };
    listRoles: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["RoleOut"][];
                };
            };
        };
    };
    makeRole: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["OwnRoleIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["OwnRoleOut"];
                };
            };
            202: {
                content: {
                    "application/json": components["schemas"]["ApprovalAsked"];
                };
            };
        };
    };
    editRole: {
        parameters: {
            path: {
                role_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OwnRoleEdit"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["OwnRoleOut"];
                };
            };
            202: {
                content: {
                    "application/json": components["schemas"]["ApprovalAsked"];
                };
            };
        };
    };
    deleteRole: {
        parameters: {
            path: {
                role_id: string;
            };
        };
        responses: {
            204: {
            };
        };
    };
    getSandboxState: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SandboxOut"];
                };
            };
        };
    };
    resetSandbox: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SyncedOut"];
                };
            };
        };
    };
    syncSandbox: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SyncedOut"];
                };
            };
        };
    };
    giveMoneyToPlay: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["TopUpIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["PlayMoneyOut"];
                };
            };
        };
    };
    search: {
        parameters: {
            query: {
                q: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["HitList"];
                };
            };
        };
    };
    getSecurityPolicy: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SecurityPolicyOut"];
                };
            };
        };
    };
    setSecurityPolicy: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecurityPolicyIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SecurityPolicyOut"];
                };
            };
        };
    };
    listSessions: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["DeviceOut"][];
                };
            };
        };
    };
    signIn: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["MeOut"];
                };
            };
        };
    };
    signOut: {
        responses: {
            204: {
            };
        };
    };
    changeOrganisation: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrganisationIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["MeOut"];
                };
            };
        };
    };
    prove: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProofIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["commissary.tenancy.session_routes.ProofOut"];
                };
            };
        };
    };
    askProofPasskey: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["commissary.tenancy.sign_in_routes.OptionsOut"];
                };
            };
        };
    };
    endOtherSessions: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["EndedOut"];
                };
            };
        };
    };
    signInByFactor: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["FactorIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["MeOut"];
                };
            };
        };
    };
    askFactorPasskey: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["PendingIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["commissary.tenancy.sign_in_routes.OptionsOut"];
                };
            };
        };
    };
    signInByPasskey: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasskeySignInIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["MeOut"];
                };
            };
        };
    };
    askPasskey: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasskeyMallIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["commissary.tenancy.sign_in_routes.OptionsOut"];
                };
            };
        };
    };
    endSession: {
        parameters: {
            path: {
                session_id: string;
            };
        };
        responses: {
            204: {
            };
        };
    };
    listSkus: {
        parameters: {
            query?: {
                q?: string | null;
                search?: string | null;
                status?: ("draft" | "listed" | "delisted" | "deleted")[] | null;
                kind?: ("code" | "link" | "voucher" | "shared_code" | "topup" | "membership" | "bundle")[] | null;
                product_id?: string | null;
                brand_id?: string | null;
                status_not?: ("draft" | "listed" | "delisted" | "deleted")[] | null;
                kind_not?: ("code" | "link" | "voucher" | "shared_code" | "topup" | "membership" | "bundle")[] | null;
                product_id_not?: string | null;
                brand_id_not?: string | null;
                sort?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Listed_SkuOut_"];
                };
            };
        };
    };
    createSku: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["SkuIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["SkuOut"];
                };
            };
        };
    };
    actOnSkus: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["BulkOut"];
                };
            };
        };
    };
    totalSkus: {
        parameters: {
            query?: {
                q?: string | null;
                search?: string | null;
                status?: ("draft" | "listed" | "delisted" | "deleted")[] | null;
                kind?: ("code" | "link" | "voucher" | "shared_code" | "topup" | "membership" | "bundle")[] | null;
                product_id?: string | null;
                brand_id?: string | null;
                status_not?: ("draft" | "listed" | "delisted" | "deleted")[] | null;
                kind_not?: ("code" | "link" | "voucher" | "shared_code" | "topup" | "membership" | "bundle")[] | null;
                product_id_not?: string | null;
                brand_id_not?: string | null;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Totals"];
                };
            };
        };
    };
    getSku: {
        parameters: {
            path: {
                sku_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SkuOut"];
                };
            };
        };
    };
    deleteSku: {
        parameters: {
            path: {
                sku_id: string;
            };
        };
        responses: {
            204: {
            };
        };
    };
    editSku: {
        parameters: {
            path: {
                sku_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SkuEdit"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SkuOut"];
                };
            };
        };
    };
    delistSku: {
        parameters: {
            path: {
                sku_id: string;
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["SkuOut"];
                };
            };
        };
    };
    listSku: {
        parameters: {
            path: {
                sku_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VersionIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["SkuOut"];
                };
            };
        };
    };
    priceHistory: {
        parameters: {
            query?: {
                book_id?: string | null;
                cursor?: string | null;
                size?: number;
            };
            path: {
                sku_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_EntryOut_"];
                };
            };
        };
    };
    setRestockPolicy: {
        parameters: {
            path: {
                sku_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RestockPolicyIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["RestockPolicyOut"];
                };
            };
        };
    };
    routeSku: {
        parameters: {
            query?: {
                quantity?: number;
                buyer_id?: string | null;
            };
            path: {
                sku_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["RouteOut"];
                };
            };
        };
    };
    listSkuSources: {
        parameters: {
            path: {
                sku_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SkuSourcesOut"];
                };
            };
        };
    };
    getStock: {
        parameters: {
            path: {
                sku_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SummaryOut"];
                };
            };
        };
    };
    setSupplyPolicy: {
        parameters: {
            path: {
                sku_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PolicyIn"];
            };
        };
        responses: {
            204: {
            };
        };
    };
    whyThisPrice: {
        parameters: {
            query?: {
                source?: string | null;
                buyer_id?: string | null;
                tier_id?: string | null;
                quantity?: number;
                at?: string | null;
            };
            path: {
                sku_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["WhyOut"];
                };
            };
        };
    };
    exportStatement: {
        parameters: {
            path: {
                statement_id: number;
            };
        };
        responses: {
            200: {
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    listLowStock: {
        parameters: {
            query?: {
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["LowPage"];
                };
            };
        };
    };
    listSuppliers: {
        parameters: {
            query?: {
                q?: string | null;
                status?: ("active" | "suspended" | "closed")[] | null;
                status_not?: ("active" | "suspended" | "closed")[] | null;
                sort?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Listed_SupplierOut_"];
                };
            };
        };
    };
    addSupplier: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["SupplierIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["SupplierOut"];
                };
            };
        };
    };
    totalSuppliers: {
        parameters: {
            query?: {
                q?: string | null;
                status?: ("active" | "suspended" | "closed")[] | null;
                status_not?: ("active" | "suspended" | "closed")[] | null;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Totals"];
                };
            };
        };
    };
    editSupplier: {
        parameters: {
            path: {
                supplier_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SupplierEdit"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SupplierOut"];
                };
            };
        };
    };
    setSupplierCompany: {
        parameters: {
            path: {
                supplier_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CompanyIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["CompanyOut"];
                };
            };
        };
    };
    getSupplierDeposit: {
        parameters: {
            path: {
                supplier_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["DepositOut"];
                };
            };
        };
    };
    receiveSupplierDeposit: {
        parameters: {
            path: {
                supplier_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RechargeIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["DepositOut"];
                };
            };
        };
    };
    issueSupplierKey: {
        parameters: {
            path: {
                supplier_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeyIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["NewKeyOut"];
                };
            };
        };
    };
    submitPaper: {
        parameters: {
            path: {
                supplier_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PaperIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["PaperOut"];
                };
            };
        };
    };
    quarantineSupplier: {
        parameters: {
            path: {
                supplier_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QuarantineIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["QuarantineOut"];
                };
            };
        };
    };
    getSupplierStanding: {
        parameters: {
            path: {
                supplier_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["StandingOut"];
                };
            };
        };
    };
    listSupplierTerms: {
        parameters: {
            path: {
                supplier_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["TermsOut"][];
                };
            };
        };
    };
    setSupplierTerms: {
        parameters: {
            path: {
                supplier_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TermsIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["TermsOut"];
                };
            };
        };
    };
    listSupplyRequests: {
        parameters: {
            query?: {
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_WantedOut_"];
                };
            };
        };
    };
    giveBackSupplyRequest: {
        parameters: {
            path: {
                purchase_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["WantedOut"];
                };
            };
        };
    };
    provideSupplyRequest: {
        parameters: {
            path: {
                purchase_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProvideIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ProvidedOut"];
                };
            };
        };
    };
    refuseSupplyRequest: {
        parameters: {
            path: {
                purchase_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CannotIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ProvidedOut"];
                };
            };
        };
    };
    takeSupplyRequest: {
        parameters: {
            path: {
                purchase_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["WantedOut"];
                };
            };
        };
    };
    getSystem: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SystemOut"];
                };
            };
        };
    };
    listTaxRules: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["TaxRule"][];
                };
            };
        };
    };
    addTaxRule: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaxRuleIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["TaxRule"];
                };
            };
        };
    };
    listTiers: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["TierOut"][];
                };
            };
        };
    };
    addTier: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["TierIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["TierOut"];
                };
            };
        };
    };
    editTier: {
        parameters: {
            path: {
                tier_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TierIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["TierOut"];
                };
            };
        };
    };
    dropTier: {
        parameters: {
            path: {
                tier_id: string;
            };
        };
        responses: {
            204: {
            };
        };
    };
    getTrialBalance: {
        parameters: {
            query?: {
                at?: string | null;
                recount?: boolean;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["TrialOut"];
                };
            };
        };
    };
    listTurns: {
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["TurnOut"][];
                };
            };
        };
    };
    listUploads: {
        parameters: {
            query: {
                kind: "codes" | "skus" | "prices";
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_UploadRow_"];
                };
            };
        };
    };
    uploadFile: {
        parameters: {
            query: {
                kind: "codes" | "skus" | "prices";
                file_name?: string;
                sku_id?: string | null;
                sheet?: string | null;
            };
        };
        requestBody: {
            content: {
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                "text/csv": string;
                "text/plain": string;
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["UploadOut"];
                };
            };
        };
    };
    getUpload: {
        parameters: {
            path: {
                upload_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["UploadOut"];
                };
            };
        };
    };
    discardUpload: {
        parameters: {
            path: {
                upload_id: string;
            };
        };
        responses: {
            204: {
            };
        };
    };
    checkUpload: {
        parameters: {
            path: {
                upload_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["UploadOut"];
                };
            };
        };
    };
    setUploadColumns: {
        parameters: {
            path: {
                upload_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ColumnsIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["UploadOut"];
                };
            };
        };
    };
    commitUpload: {
        parameters: {
            path: {
                upload_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CommitIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["UploadOut"];
                };
            };
            202: {
                content: {
                    "application/json": components["schemas"]["ApprovalAsked"];
                };
            };
        };
    };
    exportRejectedRows: {
        parameters: {
            path: {
                upload_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    exportUploadResult: {
        parameters: {
            path: {
                upload_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    repairUpload: {
        parameters: {
            path: {
                upload_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RepairsIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["UploadOut"];
                };
            };
        };
    };
    undoUpload: {
        parameters: {
            path: {
                upload_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["UploadOut"];
                };
            };
            202: {
                content: {
                    "application/json": components["schemas"]["ApprovalAsked"];
                };
            };
        };
    };
    listViews: {
        parameters: {
            query?: {
                page?: string | null;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ViewList"];
                };
            };
        };
    };
    saveView: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["ViewIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ViewOut"];
                };
            };
        };
    };
    deleteView: {
        parameters: {
            path: {
                view_id: string;
            };
        };
        responses: {
            204: {
            };
        };
    };
    listWebhookDeliveries: {
        parameters: {
            query?: {
                organisation_id?: string | null;
                endpoint_id?: string | null;
                subject_id?: string | null;
                status?: components["schemas"]["DeliveryState"] | null;
                event?: string | null;
                created_from?: string | null;
                created_to?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_DeliveryOut_"];
                };
            };
        };
    };
    replayWebhookDeliveries: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ReplayOut"];
                };
            };
        };
    };
    getWebhookDelivery: {
        parameters: {
            path: {
                delivery_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["DeliveryFullOut"];
                };
            };
        };
    };
    listWebhookEndpoints: {
        parameters: {
            query?: {
                organisation_id?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Page_EndpointOut_"];
                };
            };
        };
    };
    addWebhookEndpoint: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndpointIn"];
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": components["schemas"]["NewEndpointOut"];
                };
            };
        };
    };
    changeWebhookEndpoint: {
        parameters: {
            path: {
                endpoint_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndpointEdit"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
        };
    };
    disableWebhookEndpoint: {
        parameters: {
            path: {
                endpoint_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
        };
    };
    pauseWebhookEndpoint: {
        parameters: {
            path: {
                endpoint_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
        };
    };
    resumeWebhookEndpoint: {
        parameters: {
            path: {
                endpoint_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
        };
    };
    rotateWebhookSecret: {
        parameters: {
            path: {
                endpoint_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["commissary.notify.wire.RotateIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["NewEndpointOut"];
                };
            };
        };
    };
    testWebhookEndpoint: {
        parameters: {
            path: {
                endpoint_id: string;
            };
        };
        responses: {
            202: {
                content: {
                    "application/json": components["schemas"]["QueuedOut"];
                };
            };
        };
    };
    checkWebhookSignature: {
        parameters: {
            path: {
                endpoint_id: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignatureIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SignatureOut"];
                };
            };
        };
    };
    listWebhookHealth: {
        parameters: {
            query?: {
                q?: string | null;
                organisation_id?: string | null;
                status?: components["schemas"]["EndpointState"] | null;
                failing?: boolean;
                sort?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Listed_EndpointHealthOut_"];
                };
            };
        };
    };
    totalWebhookHealth: {
        parameters: {
            query?: {
                q?: string | null;
                organisation_id?: string | null;
                status?: components["schemas"]["EndpointState"] | null;
                failing?: boolean;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["HealthTotals"];
                };
            };
        };
    };
    beginResend: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResendIn"];
            };
        };
        responses: {
            202: {
                content: {
                    "application/json": components["schemas"]["BegunOut"];
                };
            };
        };
    };
    getResend: {
        parameters: {
            path: {
                job_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ResendOut"];
                };
            };
        };
    };
    cancelResend: {
        parameters: {
            path: {
                job_id: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["ResendOut"];
                };
            };
        };
    };
    listWork: {
        parameters: {
            query?: {
                q?: string | null;
                status?: ("review" | "waiting" | "working")[] | null;
                sku_id?: string | null;
                buyer_id?: string | null;
                mode?: "stock" | "manual" | "supply" | null;
                mine?: boolean;
                status_not?: ("review" | "waiting" | "working")[] | null;
                sku_id_not?: string | null;
                buyer_id_not?: string | null;
                mode_not?: "stock" | "manual" | "supply" | null;
                sort?: string | null;
                cursor?: string | null;
                size?: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Listed_WorkOut_"];
                };
            };
        };
    };
    actOnWork: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["BulkOut"];
                };
            };
        };
    };
    totalWork: {
        parameters: {
            query?: {
                q?: string | null;
                status?: ("review" | "waiting" | "working")[] | null;
                sku_id?: string | null;
                buyer_id?: string | null;
                mode?: "stock" | "manual" | "supply" | null;
                mine?: boolean;
                status_not?: ("review" | "waiting" | "working")[] | null;
                sku_id_not?: string | null;
                buyer_id_not?: string | null;
                mode_not?: "stock" | "manual" | "supply" | null;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["Totals"];
                };
            };
        };
    };
    claimWork: {
        parameters: {
            path: {
                order_id: string;
                line_no: number;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClaimIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["commissary.fulfilment.wire.ClaimOut"];
                };
            };
        };
    };
    deliverWork: {
        parameters: {
            header: {
                "Idempotency-Key": string;
            };
            path: {
                order_id: string;
                line_no: number;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeliverIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SettledOut"];
                };
            };
        };
    };
    failWork: {
        parameters: {
            header: {
                "Idempotency-Key": string;
            };
            path: {
                order_id: string;
                line_no: number;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FailIn"];
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SettledOut"];
                };
            };
        };
    };
    revealWorkFields: {
        parameters: {
            path: {
                order_id: string;
                line_no: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["FieldsOut"];
                };
            };
        };
    };
    giveBackWork: {
        parameters: {
            path: {
                order_id: string;
                line_no: number;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": components["schemas"]["SettledOut"];
                };
            };
        };
    };
}
