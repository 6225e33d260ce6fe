#!/bin/sh
# Makes the sample city in the store that HEINOLA_STORE names: figures of its own, role titles, no names of persons.
set -e
cd "$(dirname "$0")"
heinola init --city Esimerkkilä --city-unit ESI
heinola import figures paakirja.csv --mapping paakirja.toml
heinola import figures verot.csv --mapping verot.toml
heinola record responsible ESI kaupunginjohtaja --on 1.1.2024
heinola record responsible HAL hallintojohtaja --on 1.1.2024
heinola record responsible SIV sivistysjohtaja --on 1.1.2024
heinola record responsible TEK "tekninen johtaja" --on 1.1.2024
heinola record responsible 220 rehtori --on 1.1.2024
heinola record unit INV Investointiohjelma --kind investment_programme --parent TEK --on 1.1.2024
heinola record unit INV1 "Koulun peruskorjaus" --kind investment_item --parent INV --on 1.1.2024
heinola record unit INV2 "Kevyen liikenteen väylä" --kind investment_item --parent INV --on 1.1.2024
heinola record budget INV1 expenses 2024 -1 900 000 --on 13.11.2023
heinola record budget INV2 expenses 2024 -350 000 --on 13.11.2023
heinola record budget INV1 expenses 2025 -2 400 000 --on 11.11.2024
heinola record budget INV2 expenses 2025 -150 000 --on 11.11.2024
heinola record actual INV1 expenses 1-6/2024 -640 000
heinola record actual INV1 expenses 7-12/2024 -1 130 000
heinola record actual INV2 expenses 1-6/2024 -120 000
heinola record actual INV2 expenses 7-12/2024 -241 000
heinola record actual INV1 expenses 1-6/2025 -1 270 000
heinola record actual INV1 expenses 7-12/2025 -1 040 000
heinola record actual INV2 expenses 1-6/2025 -88 000
heinola record actual INV2 expenses 7-12/2025 -47 000
heinola record complete 2024 --unit INV
heinola record complete 2025 --unit INV
heinola record budget ESI investment_expenditure 2024 -2 250 000 --on 13.11.2023
heinola record budget ESI loans_long 2024 500 000 --on 13.11.2023
heinola record budget ESI cash_start 2024 2 300 000 --on 13.11.2023
heinola record budget ESI investment_expenditure 2025 -2 550 000 --on 11.11.2024
heinola record budget ESI investment_contributions 2025 150 000 --on 11.11.2024
heinola record budget ESI loans_long 2025 1 000 000 --on 11.11.2024
heinola record budget ESI cash_start 2025 2 400 000 --on 11.11.2024
heinola record actual ESI investment_expenditure 1-6/2024 -760 000
heinola record actual ESI investment_expenditure 7-12/2024 -1 371 000
heinola record actual ESI loans_long 1-6/2024 500 000
heinola record actual ESI cash_start 1/2024 2 301 939
heinola record actual ESI investment_expenditure 1-6/2025 -1 358 000
heinola record actual ESI investment_expenditure 7-12/2025 -1 087 000
heinola record actual ESI investment_contributions 1-6/2025 120 000
heinola record actual ESI loans_long 1-6/2025 900 000
heinola record actual ESI cash_start 1/2025 2 450 000
heinola import facts ennusteet.csv
