// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/random.h"
#include "engine/core/data/dataset.h"

#include <algorithm>
#include <cmath>

namespace descent {

/// Loans that were repaid or not: numbers of different scale, categories, gaps, an interaction and a threshold, so that a
/// linear model does well and a network better.
namespace {

/// What goes wrong in real tables, drawn from a stream of its own so that the loans stay those of the tidy table.
void makeUntidy(Table& table, Targets& targets, std::uint64_t seed)
{
    Random random{derivedSeed(seed, "untidy")};
    Column customer{.name = "customer", .categorical = true}, bank{.name = "bank", .categorical = true, .categories = {"ours"}};
    Column reminders{.name = "reminders"}; // sent when it was late: known only when it is too late
    for (std::int64_t row = 0; row < table.count; ++row) {
        const bool repaid = targets.classes[static_cast<std::size_t>(row)] == 1;
        customer.categories.push_back(fmt::format("C{:06}", 100'000 + row * 7));
        customer.codes.push_back(static_cast<std::int32_t>(row));
        bank.codes.push_back(0);
        reminders.numbers.push_back(static_cast<float>(repaid ? 0 : 3 + random.below(4)));
        if (float& income = table.columns[1].numbers[static_cast<std::size_t>(row)]; random.below(80) == 0)
            income *= 1000; // the point of the thousands left out
    }
    table.columns.insert(table.columns.begin(), std::move(customer));
    table.columns.push_back(std::move(bank));
    table.columns.push_back(std::move(reminders));
    const std::int64_t whole = table.count;
    for (std::int64_t row = 0; row < whole; row += 25) { // entered twice, once in a while with another outcome
        for (Column& column : table.columns) {
            if (column.categorical)
                column.codes.push_back(column.codes[static_cast<std::size_t>(row)]);
            else
                column.numbers.push_back(column.numbers[static_cast<std::size_t>(row)]);
        }
        const std::int64_t outcome = targets.classes[static_cast<std::size_t>(row)];
        targets.classes.push_back(random.below(10) == 0 ? 1 - outcome : outcome);
        ++table.count;
    }
}

}

DatasetKind syntheticTableKind()
{
    const Schema schema{
        {.name = "samples",
         .label = "Rows",
         .help = "How many loans are made up.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{3000},
         .minimum = 50,
         .maximum = 1e6,
         .logarithmic = true,
         .common = true},
        {.name = "unpaid",
         .label = "Share not repaid",
         .help = "A small share makes the table as lopsided as fraud; 0 leaves it as it comes.",
         .type = ParameterType::real,
         .defaultValue = 0.0,
         .minimum = 0,
         .maximum = 0.9,
         .common = true},
        {.name = "missing",
         .label = "Missing",
         .help = "Share of cells that are left empty.",
         .type = ParameterType::real,
         .defaultValue = 0.04,
         .minimum = 0,
         .maximum = 0.5,
         .common = true},
        {.name = "untidy",
         .label = "Untidy",
         .help = "As such tables come: numbers of customers, repeats, slips of the pen, and a column written down afterwards.",
         .type = ParameterType::boolean,
         .defaultValue = false},
        {.name = "seed",
         .label = "Data seed",
         .help = "Another number makes up other loans.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{1},
         .minimum = 0,
         .maximum = 1e15},
    };
    return {.id = "synthetic-table",
            .label = "Loans",
            .help = "A made-up table of loans, with numbers, categories and gaps.",
            .schema = schema,
            .load = [schema](const Parameters& parameters, const LoadControl&) -> Result<Dataset> {
                const std::int64_t count = integerOf(schema, parameters, "samples");
                const double missing = realOf(schema, parameters, "missing");
                Random random{static_cast<std::uint64_t>(integerOf(schema, parameters, "seed"))};
                Column age{.name = "age"}, income{.name = "income"}, amount{.name = "amount"}, months{.name = "months"};
                Column purpose{
                    .name = "purpose", .categorical = true, .categories = {"car", "education", "home", "business", "travel"}};
                Column housing{.name = "housing", .categorical = true, .categories = {"owns", "rents", "shares"}};
                Targets targets{.name = "repaid", .classNames = {"no", "yes"}};
                std::vector<double> risks;
                constexpr double purposeRisk[] = {0, 0.3, -0.6, 1.1, 0.7};
                constexpr double housingRisk[] = {-0.5, 0.2, 0.4};
                for (std::int64_t i = 0; i < count; ++i) {
                    const double years = std::clamp(41 + 13 * random.normal(), 18.0, 85.0);
                    const double yearly = std::exp(10.4 + 0.45 * random.normal() + 0.012 * (years - 41));
                    const double borrowed = yearly * std::exp(-0.9 + 0.7 * random.normal());
                    const double term = 6.0 * static_cast<double>(1 + random.below(12));
                    const auto why = static_cast<std::int32_t>(random.below(5));
                    const auto home = static_cast<std::int32_t>(random.below(3));
                    const double burden = borrowed / yearly * 12 / term; // share of income that goes to the loan
                    const double risk = -1.9 + 5.5 * std::min(burden, 1.2) + purposeRisk[why] + housingRisk[home]
                        + (years < 26 ? 0.9 : 0) + (why == 3 && term > 48 ? 1.2 : 0) + 0.45 * random.normal();
                    risks.push_back(risk);
                    const auto number = [&](double value) {
                        return random.uniform() < missing ? NAN : static_cast<float>(value);
                    };
                    const auto category = [&](std::int32_t code) { return random.uniform() < missing ? -1 : code; };
                    age.numbers.push_back(number(std::round(years)));
                    income.numbers.push_back(number(std::round(yearly)));
                    amount.numbers.push_back(number(std::round(borrowed)));
                    months.numbers.push_back(number(term));
                    purpose.codes.push_back(category(why));
                    housing.codes.push_back(category(home));
                }
                double limit = 0; // of risk: beyond it a loan is not repaid
                if (const double unpaid = realOf(schema, parameters, "unpaid"); unpaid > 0) {
                    std::vector<double> ordered = risks;
                    const auto at = ordered.begin() + static_cast<std::ptrdiff_t>((1 - unpaid) * static_cast<double>(count - 1));
                    std::nth_element(ordered.begin(), at, ordered.end());
                    limit = *at;
                }
                for (const double risk : risks)
                    targets.classes.push_back(risk > limit ? 0 : 1);
                Dataset dataset{.name = "Loans"};
                dataset.train.inputs = Table{count,
                                             {std::move(age), std::move(income), std::move(amount), std::move(months),
                                              std::move(purpose), std::move(housing)}};
                dataset.train.targets = std::move(targets);
                if (booleanOf(schema, parameters, "untidy"))
                    makeUntidy(std::get<Table>(dataset.train.inputs), dataset.train.targets,
                               static_cast<std::uint64_t>(integerOf(schema, parameters, "seed")));
                return {std::move(dataset), {}};
            }};
}

}
