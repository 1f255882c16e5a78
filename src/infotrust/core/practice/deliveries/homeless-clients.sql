-- The clients with a stay in the years that are delivered, each with the latest.
WITH stay AS (
    SELECT Enrollment.*, ExitDate, ProjectType, DomesticViolenceSurvivor
    FROM homeless_services.Enrollment
    JOIN homeless_services.Project USING (ProjectID)
    LEFT JOIN homeless_services.Exit USING (EnrollmentID)
    LEFT JOIN homeless_services.HealthAndDV USING (EnrollmentID)
    WHERE EntryDate <= getvariable('last')
      AND coalesce(ExitDate >= getvariable('homeless_stays_since'), true)
    QUALIFY row_number() OVER (
        PARTITION BY Enrollment.PersonalID ORDER BY EntryDate DESC, EnrollmentID
    ) = 1
)
SELECT client.person,
       client.mistakes,
       client.PersonalID AS personal_id,
       'H' || stay.HouseholdID AS household_id,
       client.FirstName AS first_name,
       client.LastName AS last_name,
       client.NameSuffix AS name_suffix,
       strftime(client.DOB, '%Y-%m-%d') AS dob,
       client.SSN AS ssn,
       client.Sex AS sex,
       client.last_zip,
       stay.RelationshipToHoH AS relationship,
       CASE stay.ProjectType WHEN 2 THEN 'TH' WHEN 3 THEN 'PSH' WHEN 4 THEN 'SO' WHEN 12 THEN 'PRV' WHEN 13 THEN 'RRH'
                             ELSE 'ES' END AS project_type,
       strftime(stay.EntryDate, '%Y-%m-%d') AS entry_date,
       strftime(stay.ExitDate, '%Y-%m-%d') AS exit_date,
       CASE client.VeteranStatus WHEN 1 THEN 'Y' WHEN 0 THEN 'N' ELSE 'NA' END AS veteran,
       CASE stay.DomesticViolenceSurvivor WHEN 1 THEN 'Y' WHEN 0 THEN 'N' ELSE 'NR' END AS domestic_violence
FROM stay
JOIN homeless_services.Client AS client USING (PersonalID)
