-- The children referred in the years that the program keeps, each with the referral that led to services, else the last.
WITH referred AS (
    SELECT *
    FROM early_intervention.referrals
    WHERE referral_date BETWEEN getvariable('early_intervention_since') AND getvariable('last')
    QUALIFY row_number() OVER (
        PARTITION BY child_id ORDER BY coalesce(result = 'served', false) DESC, referral_date DESC, referral_id
    ) = 1
)
SELECT children.person,
       children.mistakes,
       children.child_id AS client_id,
       children.given_name AS child_first_name,
       children.family_name AS child_last_name,
       children.birth_date AS dob,
       children.sex,
       children.parent_name AS mother_name,
       children.street AS street_address,
       children.city,
       children.zip AS zip_code,
       children.phone,
       strftime(referred.referral_date, '%Y-%m-%d') AS referral_date,
       referred.referral_source,
       coalesce(referred.eligibility, 'not_evaluated') AS eligibility,
       CASE WHEN served.enrollment_id IS NOT NULL AND served.exit_date IS NULL THEN 'active'
            WHEN served.enrollment_id IS NOT NULL THEN 'exited'
            WHEN referred.result IS NULL THEN 'referred'
            ELSE 'not_served' END AS status,
       served.exit_reason,
       replace(served.diagnosis, '_', ' ') AS diagnosis
FROM referred
JOIN early_intervention.children USING (child_id)
LEFT JOIN early_intervention.enrollments AS served USING (referral_id)
