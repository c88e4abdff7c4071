// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/random.h"
#include "engine/core/data/dataset.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace descent {

namespace {

enum Code : std::int32_t {
    age, female, male, smoker, diabetes, hypertension, kidneyDisease, heartFailure, backPain, commonCold,
    metformin, painkiller, statin, hba1c, creatinine, cholesterol, systolic, admission, vaccination,
};
// What stands before the colon is the group of a code.
constexpr std::array codeNames{
    "person: age", "person: female", "person: male", "person: smoker",
    "diagnosis: diabetes", "diagnosis: hypertension", "diagnosis: kidney disease", "diagnosis: heart failure", "diagnosis: back pain", "diagnosis: common cold",
    "drug: metformin", "drug: painkiller", "drug: statin",
    "lab: HbA1c", "lab: creatinine", "lab: cholesterol", "lab: systolic pressure",
    "visit: admission", "visit: vaccination",
};
static_assert(codeNames.size() == vaccination + 1);

/// One made-up patient with diabetes, followed for two to four years.
class Patient {
public:
    Patient(Random& random, double missing) : m_random{random}, m_missing{missing}, m_days{std::round(random.uniform(730, 1460))}
    {
        appear();
        fallIll();
        takeDrugs();
        beMeasured();
        visit();
        std::stable_sort(m_events.begin(), m_events.end(), [](const auto& a, const auto& b) { return a.day < b.day; });
    }
    std::vector<Histories::Event> events() && { return std::move(m_events); }
    double risk() const { return m_risk; } ///< logit of the complication, but for a constant

private:
    bool happens(double chance) { return m_random.uniform() < chance; }
    double dayWithin(double from, double to) { return m_days * m_random.uniform(from, to); }
    void add(double day, Code code, double value = NAN)
    {
        if (std::isfinite(value) && m_random.uniform() < m_missing)
            value = NAN;
        m_events.push_back({static_cast<float>(std::clamp(std::round(day), 0.0, m_days)), code, static_cast<float>(value)});
    }

    /// What a count of codes sees.
    void appear()
    {
        const double years = std::round(std::clamp(62 + 12 * m_random.normal(), 30.0, 92.0));
        add(0, age, years);
        add(0, happens(0.5) ? female : male);
        m_risk += 0.025 * (years - 62);
        if (happens(0.2)) {
            add(0, smoker);
            m_risk += 0.5;
        }
    }

    void fallIll()
    {
        add(m_random.uniform(0, 30), diabetes);
        if (happens(0.55)) {
            add(dayWithin(0, 0.9), hypertension);
            m_risk += 0.4;
        }
        if (happens(0.15)) {
            add(dayWithin(0.2, 0.95), heartFailure);
            m_risk += 0.9;
        }
        // Order: a painkiller harms the kidneys of those who are known to be ill there, and nobody else's.
        const double ill = dayWithin(0.15, 0.85), pain = dayWithin(0.05, 0.95);
        const bool isIll = happens(0.5), hasPain = happens(0.6);
        if (isIll)
            add(ill, kidneyDisease);
        if (hasPain) {
            add(pain, backPain);
            add(pain + 1, painkiller);
        }
        if (isIll && hasPain && pain > ill)
            m_risk += 2.4;
    }

    void takeDrugs()
    {
        // Gaps: the drug is fetched as often by those who leave it off for half a year, but not in that half year.
        const auto fetched = std::lround(m_days / 75);
        const bool leavesOff = happens(0.3);
        const double pause = leavesOff ? m_random.uniform(150, 220) : 0, begins = dayWithin(0.45, 0.8);
        const double apart = (m_days - 20 - pause) / static_cast<double>(fetched);
        double day = 20;
        for (std::int64_t i = 0; i < fetched; ++i) {
            add(day + (day > begins ? pause : 0) + m_random.uniform(-0.15, 0.15) * apart, metformin);
            day += apart;
        }
        if (leavesOff)
            m_risk += 2.0;
        if (happens(0.4))
            for (double when = dayWithin(0, 0.5); when < m_days; when += m_random.uniform(150, 210))
                add(when, statin);
    }

    void beMeasured()
    {
        // Values: what rises to the end is a danger, a high level that stays is less of one.
        const double sugar = 7.4 + 0.7 * m_random.normal(), sugarRise = 1.1 * m_random.normal();
        for (double day = m_random.uniform(5, 60); day < m_days; day += m_random.uniform(85, 135))
            add(day, hba1c, std::round(10 * std::clamp(sugar + sugarRise * (day / m_days - 0.5) + 0.25 * m_random.normal(), 4.5, 14.0)) / 10);
        m_risk += 0.9 * sugarRise + 0.3 * (sugar - 7.4);
        const double kidney = 85 * std::exp(0.2 * m_random.normal()), kidneyRise = 0.25 * m_random.normal();
        for (double day = m_random.uniform(5, 120); day < m_days; day += m_random.uniform(130, 220))
            add(day, creatinine, std::round(kidney * std::exp(kidneyRise * (day / m_days - 0.5) + 0.06 * m_random.normal())));
        m_risk += 3.5 * kidneyRise;
        const double lipids = 190 + 35 * m_random.normal(), pressure = 136 + 13 * m_random.normal();
        for (double day = m_random.uniform(5, 200); day < m_days; day += m_random.uniform(200, 400)) {
            add(day, cholesterol, std::round(lipids + 10 * m_random.normal()));
            add(day, systolic, std::round(pressure + 7 * m_random.normal()));
        }
    }

    void visit()
    {
        // Gaps once more: twice in hospital within a month is worse than twice in two years.
        if (happens(0.4)) {
            const double first = dayWithin(0.3, 0.6);
            const bool soonAgain = happens(0.5);
            add(first, admission);
            add(first + (soonAgain ? m_random.uniform(6, 28) : m_random.uniform(0.25, 0.38) * m_days), admission);
            if (soonAgain)
                m_risk += 1.8;
        }
        for (double day = dayWithin(0, 0.3); day < m_days; day += m_random.uniform(300, 430))
            add(day, vaccination);
        while (happens(0.55))
            add(dayWithin(0, 1), commonCold);
    }

    Random& m_random;
    const double m_missing, m_days;
    double m_risk = 0;
    std::vector<Histories::Event> m_events;
};

}

/// Patients with diabetes, and who of them has a complication: it hangs on the order of events, on the time between them and
/// on measured values more than on which codes occur, so that a bag of codes does clearly worse than a sequence model.
DatasetKind syntheticRecordsKind()
{
    const Schema schema{
        {.name = "samples",
         .label = "Patients",
         .help = "How many are made up.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{4000},
         .minimum = 50,
         .maximum = 1e6,
         .logarithmic = true,
         .common = true},
        {.name = "share",
         .label = "Share affected",
         .help = "Those whose risk is highest have the complication.",
         .type = ParameterType::real,
         .defaultValue = 0.12,
         .minimum = 0.01,
         .maximum = 0.5,
         .common = true},
        {.name = "chance",
         .label = "Chance",
         .help = "Deviation of what no history tells, in units of the logit: with 0 the outcome follows from the events.",
         .type = ParameterType::real,
         .defaultValue = 0.8,
         .minimum = 0,
         .maximum = 10},
        {.name = "missing",
         .label = "Missing",
         .help = "Share of measurements whose value is not written down.",
         .type = ParameterType::real,
         .defaultValue = 0.05,
         .minimum = 0,
         .maximum = 0.9},
        {.name = "seed",
         .label = "Data seed",
         .help = "Another number makes up other patients.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{1},
         .minimum = 0,
         .maximum = 1e15},
    };
    return {.id = "synthetic-records",
            .label = "Patients",
            .help = "Made-up records of patients with diabetes: diagnoses, drugs and measurements over years, and who has a complication.",
            .schema = schema,
            .load = [schema](const Parameters& parameters, const LoadControl& control) -> Result<Dataset> {
                const std::int64_t count = integerOf(schema, parameters, "samples");
                const double missing = realOf(schema, parameters, "missing"), chance = realOf(schema, parameters, "chance");
                Random random{static_cast<std::uint64_t>(integerOf(schema, parameters, "seed"))};
                Histories histories{.codes = {codeNames.begin(), codeNames.end()}};
                std::vector<double> risks;
                for (std::int64_t i = 0; i < count; ++i) {
                    if (control.stop.stop_requested())
                        throw Cancelled{};
                    Patient patient{random, missing};
                    risks.push_back(patient.risk() + chance * random.normal());
                    histories.people.push_back(std::to_string(i + 1));
                    histories.events.push_back(std::move(patient).events());
                    if (control.progress && i % 1000 == 0)
                        control.progress(static_cast<double>(i) / static_cast<double>(count));
                }
                std::vector<double> ordered = risks;
                const auto limit = ordered.begin()
                    + static_cast<std::ptrdiff_t>((1 - realOf(schema, parameters, "share")) * static_cast<double>(count - 1));
                std::nth_element(ordered.begin(), limit, ordered.end());
                Targets targets{.name = "complication", .classNames = {"no", "yes"}};
                for (const double risk : risks)
                    targets.classes.push_back(risk > *limit ? 1 : 0);
                Dataset dataset{.name = "Patients"};
                dataset.train = {.inputs = std::move(histories), .targets = std::move(targets)};
                return {std::move(dataset), {}};
            }};
}

}
