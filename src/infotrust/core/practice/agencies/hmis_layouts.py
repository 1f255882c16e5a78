"""Files of HUD's HMIS CSV format (fiscal year 2026) that the county's homeless services hand over, as docs print them.

Column names, their order and codes follow the format; the explanations are our own. Columns that only programs ask
which the county does not have (for runaway youth, veterans' families, people with HIV, PATH) are there and empty.
"""

from __future__ import annotations

from infotrust.core.practice.tables import Layout

SYSTEM = "homeless-services"
EMPTY = "always empty: asked only by programs that the county does not have"
MISSING = "8 does not know, 9 prefers not to answer, 99 not collected"
YES_NO = f"0 no, 1 yes, {MISSING}"
PLACES = (
    "101 emergency shelter, 116 outside or in a vehicle, 302 transitional housing, 314 hotel or motel, "
)  # fmt: skip
STAMPS = {
    "DateCreated": "when the record was made",
    "DateUpdated": "when it was last changed",
    "UserID": "who entered it",
    "DateDeleted": "always empty: no deleted records are handed over",
    "ExportID": "the export it came with",
}
KEYS = {"EnrollmentID": "the enrollment", "PersonalID": "the client"}


def _about(columns: str, known: dict[str, str], stamped: bool = True) -> dict[str, str]:
    """Each column of the format, in its order, with what is `known` of it; the others are empty."""
    known = {**known, **STAMPS} if stamped else known
    names = columns.split() + (list(STAMPS) if stamped else [])
    return {name: known.get(name, EMPTY) for name in names}


EXPORT = Layout(
    SYSTEM,
    "Export",
    "Export.csv: what was handed over, from where and for which time",
    "ExportID",
    _about(
        "ExportID SourceType SourceID SourceName SourceContactFirst SourceContactLast SourceContactPhone"
        " SourceContactExtension SourceContactEmail ExportDate ExportStartDate ExportEndDate SoftwareName"
        " SoftwareVersion CSVVersion ExportPeriodType ExportDirective HashStatus ImplementationID",
        {
            "ExportID": "the export",
            "SourceType": "1 HMIS of a continuum of care",
            "SourceID": "code of the continuum of care (made up)",
            "SourceName": "who runs the system",
            "SourceContactFirst": "always empty",
            "SourceContactLast": "always empty",
            "SourceContactPhone": "always empty",
            "SourceContactExtension": "always empty",
            "SourceContactEmail": "address of the system's desk",
            "ExportDate": "when the export was made",
            "ExportStartDate": "first day that it covers",
            "ExportEndDate": "last day that it covers",
            "SoftwareName": "name of the software",
            "SoftwareVersion": "always empty",
            "CSVVersion": "version of the format",
            "ExportPeriodType": "3 reporting period",
            "ExportDirective": "2 full refresh",
            "HashStatus": "1 identifiers are not hashed",
            "ImplementationID": "the installation",
        },
        stamped=False,
    ),
)
ORGANIZATION = Layout(
    SYSTEM,
    "Organization",
    "Organization.csv: who runs the projects",
    "OrganizationID",
    _about(
        "OrganizationID OrganizationName VictimServiceProvider OrganizationCommonName",
        {
            "OrganizationID": "the organization",
            "OrganizationName": "its name",
            "VictimServiceProvider": "0 no, 1 serves survivors of domestic violence",
            "OrganizationCommonName": "always empty",
        },
    ),
)
PROJECT = Layout(
    SYSTEM,
    "Project",
    "Project.csv: the projects, with those that do not take part",
    "ProjectID",
    _about(
        "ProjectID OrganizationID ProjectName ProjectCommonName OperatingStartDate OperatingEndDate ContinuumProject"
        " ProjectType HousingType RRHSubType ResidentialAffiliation TargetPopulation HOPWAMedAssistedLivingFac"
        " PITCount",
        {
            "ProjectID": "the project; that of a shelter begins with its code in the county's directory",
            "OrganizationID": "who runs it",
            "ProjectName": "its name",
            "ProjectCommonName": "always empty",
            "OperatingStartDate": "first day of operation",
            "OperatingEndDate": "always empty: all still operate",
            "ContinuumProject": "1 belongs to the continuum of care",
            "ProjectType": "0 emergency shelter by entry and exit, 1 emergency shelter night by night, "
            "2 transitional housing, 3 permanent supportive housing, 4 street outreach, 12 homelessness prevention, "
            "13 rapid rehousing",
            "HousingType": "1 one site, 3 homes anywhere; empty where nobody is housed",
            "RRHSubType": "2 rapid rehousing with housing; empty for other projects",
            "TargetPopulation": "1 survivors of domestic violence, 4 not applicable",
            "HOPWAMedAssistedLivingFac": "2 not a project of that program",
        },
    ),
)
HMIS_PARTICIPATION = Layout(
    SYSTEM,
    "HMISParticipation",
    "HMISParticipation.csv: which projects take part in the system",
    "HMISParticipationID",
    _about(
        "HMISParticipationID ProjectID HMISParticipationType HMISParticipationStatusStartDate"
        " HMISParticipationStatusEndDate",
        {
            "HMISParticipationID": "the row",
            "ProjectID": "the project",
            "HMISParticipationType": "0 does not take part, 1 takes part, 2 has a comparable database of its own",
            "HMISParticipationStatusStartDate": "since when",
            "HMISParticipationStatusEndDate": "always empty",
        },
    ),
)
CLIENT = Layout(
    SYSTEM,
    "Client",
    "Client.csv: one row for each client; some have two",
    "PersonalID",
    _about(
        "PersonalID FirstName MiddleName LastName NameSuffix NameDataQuality SSN SSNDataQuality DOB DOBDataQuality Sex"
        " AmIndAKNative Asian BlackAfAmerican HispanicLatinao MidEastNAfrican NativeHIPacific White RaceNone"
        " AdditionalRaceEthnicity VeteranStatus YearEnteredService YearSeparated WorldWarII KoreanWar VietnamWar"
        " DesertStorm AfghanistanOEF IraqOIF IraqOND OtherTheater MilitaryBranch DischargeStatus",
        {
            "PersonalID": "the client's number in the system",
            "FirstName": "given name as told",
            "MiddleName": "middle name as told",
            "LastName": "family name as told",
            "NameSuffix": "Jr, III and the like",
            "NameDataQuality": "1 full name, 2 partial or another name, 99 not collected",
            "SSN": "nine digits, the last four, or nothing",
            "SSNDataQuality": f"1 full number, 2 part of it, {MISSING}",
            "DOB": "date of birth as told",
            "DOBDataQuality": f"1 full date, 2 estimated, {MISSING}",
            "Sex": f"0 female, 1 male, {MISSING}",
            "AmIndAKNative": "1 American Indian or Alaska Native",
            "Asian": "1 Asian",
            "BlackAfAmerican": "1 Black or African American",
            "HispanicLatinao": "1 Hispanic or Latino",
            "MidEastNAfrican": "1 Middle Eastern or North African",
            "NativeHIPacific": "1 Native Hawaiian or Pacific Islander",
            "White": "1 white",
            "RaceNone": "99 not collected; empty where any of the seven columns before is 1",
            "AdditionalRaceEthnicity": "always empty",
            "VeteranStatus": f"{YES_NO}; 99 for those under 18, who are not asked",
        },
    ),
    identity=True,
)
ENROLLMENT = Layout(
    SYSTEM,
    "Enrollment",
    "Enrollment.csv: one row for each client and stay in a project",
    "EnrollmentID",
    _about(
        "EnrollmentID PersonalID ProjectID EntryDate HouseholdID RelationshipToHoH EnrollmentCoC LivingSituation"
        " RentalSubsidyType LengthOfStay LOSUnderThreshold PreviousStreetESSH DateToStreetESSH"
        " TimesHomelessPastThreeYears MonthsHomelessPastThreeYears DisablingCondition DateOfEngagement MoveInDate"
        " DateOfPATHStatus ClientEnrolledInPATH ReasonNotEnrolled PercentAMI ReferralSource"
        " CountOutreachReferralApproaches DateOfBCPStatus EligibleForRHY ReasonNoServices RunawayYouth"
        " FormerWardChildWelfare ChildWelfareYears ChildWelfareMonths FormerWardJuvenileJustice JuvenileJusticeYears"
        " JuvenileJusticeMonths UnemploymentFam MentalHealthDisorderFam PhysicalDisabilityFam"
        " AlcoholDrugUseDisorderFam InsufficientIncome IncarceratedParent VAMCStation TargetScreenReqd"
        " TimeToHousingLoss AnnualPercentAMI LiteralHomelessHistory ClientLeaseholder HOHLeaseholder SubsidyAtRisk"
        " EvictionHistory CriminalRecord IncarceratedAdult PrisonDischarge SexOffender DisabledHoH CurrentPregnant"
        " SingleParent DependentUnder6 HH5Plus CoCPrioritized HPScreeningScore ThresholdScore MentalHealthConsultation",
        {
            **KEYS,
            "ProjectID": "the project",
            "EntryDate": "first day in the project",
            "HouseholdID": "the same for those who entered together",
            "RelationshipToHoH": "1 head of the household, 2 child of the head, 3 spouse or partner, 4 other "
            "relation, 5 no relation",
            "EnrollmentCoC": "code of the continuum of care (made up); on heads of households",
            "LivingSituation": f"where the client slept before, for heads and adults: {PLACES}335 with family, "
            f"336 with friends, 410 rented, 411 owned, 435 rented with help; {MISSING}",
            "RentalSubsidyType": "kind of help with the rent before: 433 housing choice voucher; only for 435",
            "LengthOfStay": "how long there: 10 a night or less, 11 two to six nights, 2 a week to a month, "
            f"3 one to three months, 4 three months to a year, 5 a year or longer; {MISSING}",
            "LOSUnderThreshold": "always empty: asked only after stays in institutions and housing",
            "PreviousStreetESSH": "always empty: asked only after stays in institutions and housing",
            "DateToStreetESSH": "since when outside or in shelters, about",
            "TimesHomelessPastThreeYears": "1 once, 2 twice, 3 three times, 4 more often outside or in shelters; "
            f"{MISSING}",
            "MonthsHomelessPastThreeYears": f"101 one month to 112 twelve months, 113 more; {MISSING}",
            "DisablingCondition": f"a condition that makes living alone hard: {YES_NO}",
            "DateOfEngagement": "day on which the client agreed to a plan, in street outreach and night by night",
            "MoveInDate": "day of moving into a home, in rapid rehousing and supportive housing",
        },
    ),
)  # fmt: skip
EXIT = Layout(
    SYSTEM,
    "Exit",
    "Exit.csv: one row for each enrollment that has ended",
    "ExitID",
    _about(
        "ExitID EnrollmentID PersonalID ExitDate Destination DestinationSubsidyType OtherDestination HousingAssessment"
        " SubsidyInformation ProjectCompletionStatus EarlyExitReason ExchangeForSex ExchangeForSexPastThreeMonths"
        " CountOfExchangeForSex AskedOrForcedToExchangeForSex AskedOrForcedToExchangeForSexPastThreeMonths"
        " WorkplaceViolenceThreats WorkplacePromiseDifference CoercedToContinueWork LaborExploitPastThreeMonths"
        " CounselingReceived IndividualCounseling FamilyCounseling GroupCounseling SessionCountAtExit"
        " PostExitCounselingPlan SessionsInPlan DestinationSafeClient DestinationSafeWorker PosAdultConnections"
        " PosPeerConnections PosCommunityConnections AftercareDate AftercareProvided EmailSocialMedia Telephone"
        " InPersonIndividual InPersonGroup CMExitReason",
        {
            **KEYS,
            "ExitID": "the row",
            "ExitDate": "last day in the project",
            "Destination": f"where to: {PLACES}312 with family for a time, 313 with friends for a time, "
            "410 rented, 411 owned, 422 with family to stay, 423 with friends to stay, 435 rented with help, 24 died, "
            "17 other, 30 left without a talk",
            "DestinationSubsidyType": "kind of help: 431 rapid rehousing, 433 housing choice voucher; "
            "only for 435",
            "HousingAssessment": "always empty: asked by prevention projects of other funds",
        },
    ),
)  # fmt: skip
SERVICES = Layout(
    SYSTEM,
    "Services",
    "Services.csv: bed nights of shelters that count night by night",
    "ServicesID",
    _about(
        "ServicesID EnrollmentID PersonalID DateProvided RecordType TypeProvided OtherTypeProvided MovingOnOtherType"
        " SubTypeProvided FAAmount FAStartDate FAEndDate ReferralOutcome",
        {
            **KEYS,
            "ServicesID": "the row",
            "DateProvided": "the night",
            "RecordType": "200 bed night",
            "TypeProvided": "200 bed night",
        },
    ),
)
HEALTH_AND_DV = Layout(
    SYSTEM,
    "HealthAndDV",
    "HealthAndDV.csv: domestic violence, asked of heads of households and adults at entry",
    "HealthAndDVID",
    _about(
        "HealthAndDVID EnrollmentID PersonalID InformationDate DomesticViolenceSurvivor WhenOccurred CurrentlyFleeing"
        " GeneralHealthStatus DentalHealthStatus MentalHealthStatus PregnancyStatus DueDate DataCollectionStage",
        {
            **KEYS,
            "HealthAndDVID": "the row",
            "InformationDate": "day of the answer",
            "DomesticViolenceSurvivor": YES_NO,
            "WhenOccurred": "1 in the last three months, 2 three to six months ago, 3 six months to a year, 4 a "
            "year or more",
            "CurrentlyFleeing": YES_NO,
            "DataCollectionStage": "1 at entry",
        },
    ),
)
DISABILITIES = Layout(
    SYSTEM,
    "Disabilities",
    "Disabilities.csv: one row for each client, stay and kind of condition, at entry",
    "DisabilitiesID",
    _about(
        "DisabilitiesID EnrollmentID PersonalID InformationDate DisabilityType DisabilityResponse IndefiniteAndImpairs"
        " TCellCountAvailable TCellCount TCellSource ViralLoadAvailable ViralLoad ViralLoadSource AntiRetroviral"
        " DataCollectionStage",
        {
            **KEYS,
            "DisabilitiesID": "the row",
            "InformationDate": "day of the answer",
            "DisabilityType": "5 physical, 6 developmental, 7 chronic health condition, 9 mental health, 10 "
            "substance use",
            "DisabilityResponse": f"{YES_NO}; for substance use 1 alcohol, 2 drugs, 3 both",
            "IndefiniteAndImpairs": "whether it lasts and makes living alone hard: 0 no, 1 yes; where there is a "
            "condition",
            "DataCollectionStage": "1 at entry",
        },
    ),
)
INCOME_BENEFITS = Layout(
    SYSTEM,
    "IncomeBenefits",
    "IncomeBenefits.csv: income as told by heads of households and adults at entry",
    "IncomeBenefitsID",
    _about(
        "IncomeBenefitsID EnrollmentID PersonalID InformationDate IncomeFromAnySource TotalMonthlyIncome Earned"
        " EarnedAmount Unemployment UnemploymentAmount SSI SSIAmount SSDI SSDIAmount VADisabilityService"
        " VADisabilityServiceAmount VADisabilityNonService VADisabilityNonServiceAmount PrivateDisability"
        " PrivateDisabilityAmount WorkersComp WorkersCompAmount TANF TANFAmount GA GAAmount SocSecRetirement"
        " SocSecRetirementAmount Pension PensionAmount ChildSupport ChildSupportAmount Alimony AlimonyAmount"
        " OtherIncomeSource OtherIncomeAmount OtherIncomeSourceIdentify BenefitsFromAnySource SNAP WIC TANFChildCare"
        " TANFTransportation OtherTANF OtherBenefitsSource OtherBenefitsSourceIdentify InsuranceFromAnySource Medicaid"
        " NoMedicaidReason Medicare NoMedicareReason SCHIP NoSCHIPReason VHAServices NoVHAReason EmployerProvided"
        " NoEmployerProvidedReason COBRA NoCOBRAReason PrivatePay NoPrivatePayReason StateHealthIns"
        " NoStateHealthInsReason IndianHealthServices NoIndianHealthServicesReason OtherInsurance"
        " OtherInsuranceIdentify ADAP NoADAPReason RyanWhiteMedDent NoRyanWhiteReason ConnectionWithSOAR"
        " DataCollectionStage",
        {
            **KEYS,
            "IncomeBenefitsID": "the row",
            "InformationDate": "day of the answer",
            "IncomeFromAnySource": YES_NO,
            "TotalMonthlyIncome": "dollars a month",
            "Earned": "wages: 0 no, 1 yes",
            "EarnedAmount": "dollars a month",
            "SSI": "supplemental security income: 0 no, 1 yes",
            "SSIAmount": "dollars a month",
            "TANF": "cash assistance: 0 no, 1 yes",
            "TANFAmount": "dollars a month",
            "BenefitsFromAnySource": "any benefit that is not cash: 0 no, 1 yes",
            "SNAP": "food assistance: 0 no, 1 yes",
            "InsuranceFromAnySource": "99 not collected",
            "DataCollectionStage": "1 at entry",
        },
    ),
)
LAYOUTS = (
    EXPORT, ORGANIZATION, PROJECT, HMIS_PARTICIPATION, CLIENT, ENROLLMENT, EXIT, SERVICES, HEALTH_AND_DV, DISABILITIES,
    INCOME_BENEFITS,
)  # fmt: skip
