-- The children under 18 who were counted in a certification that is in force on the last day.
WITH in_force AS (
    SELECT *
    FROM snap.certifications
    WHERE certified_from <= getvariable('last')
      AND certified_to >= getvariable('last')
      AND coalesce(ended_on >= getvariable('last'), true)
),
child AS (
    SELECT clients.*, certification_number
    FROM snap.certification_members
    JOIN snap.clients USING (client_number)
    WHERE CAST(strptime(birth_date, '%Y%m%d') AS DATE) > CAST(getvariable('last') - INTERVAL 18 YEAR AS DATE)
)
SELECT child.person,
       child.mistakes,
       child.client_number,
       in_force.case_number,
       child.last_name,
       child.first_name,
       child.middle_initial,
       child.birth_date,
       child.sex,
       child.ssn,
       child.head_of_household,
       child.street,
       child.city,
       child.zip,
       child.phone,
       strftime(in_force.certified_from, '%Y%m%d') AS certified_from,
       strftime(in_force.certified_to, '%Y%m%d') AS certified_to,
       in_force.household_size,
       printf('%.2f', CAST(in_force.monthly_benefit AS DOUBLE)) AS monthly_benefit,
       printf('%.2f', CAST(in_force.gross_income AS DOUBLE)) AS monthly_income
FROM in_force
JOIN child USING (certification_number)
QUALIFY row_number() OVER (PARTITION BY child.client_number ORDER BY in_force.certified_from DESC, in_force.case_number) = 1
