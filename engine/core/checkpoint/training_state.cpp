// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/checkpoint/training_state.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace descent {

namespace {

using Json = nlohmann::ordered_json;

/// JSON has no NaN and no infinity: they are written as texts.
Json number(double value)
{
    if (std::isnan(value))
        return "nan";
    if (std::isinf(value))
        return value > 0 ? "inf" : "-inf";
    return value;
}

Json numbers(const std::map<std::string, double>& values)
{
    Json json = Json::object();
    for (const auto& [name, value] : values)
        json[name] = number(value);
    return json;
}

/// Reads member after member; the first that is missing or of another type ends it.
class Reader {
public:
    explicit Reader(const Json& json) : m_json{json} {}
    bool good() const { return m_good; }

    void read(const char* name, std::int64_t& value, std::int64_t least = 0)
    {
        const Json* member = find(name);
        if (member && member->is_number_integer() && !(member->is_number_unsigned() && member->get<std::uint64_t>() > largest)
            && member->get<std::int64_t>() >= least)
            value = member->get<std::int64_t>();
        else
            m_good = false;
    }
    void read(const char* name, double& value)
    {
        const Json* member = find(name);
        m_good = m_good && member && readNumber(*member, value);
    }
    void read(const char* name, bool& value)
    {
        const Json* member = find(name);
        m_good = m_good && member && member->is_boolean();
        if (m_good)
            value = member->get<bool>();
    }
    void read(const char* name, std::string& value)
    {
        const Json* member = find(name);
        m_good = m_good && member && member->is_string();
        if (m_good)
            value = member->get<std::string>();
    }
    void read(const char* name, std::optional<double>& value)
    {
        const Json* member = find(name);
        if (member && member->is_null())
            return;
        double one = 0;
        m_good = m_good && member && readNumber(*member, one);
        value = one;
    }
    void read(const char* name, std::map<std::string, double>& values)
    {
        const Json* member = find(name);
        m_good = m_good && member && member->is_object();
        if (m_good)
            for (const auto& [key, value] : member->items())
                m_good = m_good && readNumber(value, values[key]);
    }
    void read(const char* name, std::vector<std::string>& values)
    {
        const Json* member = find(name);
        m_good = m_good && member && member->is_array();
        if (m_good)
            for (const Json& value : *member)
                if ((m_good = m_good && value.is_string()))
                    values.push_back(value.get<std::string>());
    }

private:
    static constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max();

    const Json* find(const char* name) const
    {
        const auto found = m_json.find(name);
        return found == m_json.end() ? nullptr : &*found;
    }
    static bool readNumber(const Json& json, double& value)
    {
        const std::string text = json.is_string() ? json.get<std::string>() : "";
        if (json.is_number())
            value = json.get<double>();
        else if (text == "nan")
            value = std::numeric_limits<double>::quiet_NaN();
        else if (text == "inf" || text == "-inf")
            value = text == "inf" ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity();
        else
            return false;
        return true;
    }

    const Json& m_json;
    bool m_good = true;
};

}

std::string toJson(const TrainingState& state)
{
    const Json json{{"step", state.step},
                    {"epoch", state.epoch},
                    {"batch", state.batch},
                    {"judgedEpoch", state.judgedEpoch},
                    {"samples", state.samples},
                    {"seconds", number(state.seconds)},
                    {"requestedRate", state.requestedRate ? number(*state.requestedRate) : Json{}},
                    {"bestValidation", numbers(state.bestValidation)},
                    {"bestEpoch", numbers(state.bestEpoch)},
                    {"bestIsPresent", state.bestIsPresent},
                    {"epochsWithoutBest", state.epochsWithoutBest},
                    {"optimizer", state.optimizer},
                    {"optimizerSteps", state.optimizerSteps},
                    {"taken", state.taken},
                    {"parts", numbers(state.parts)},
                    {"data", state.data},
                    {"device", state.device},
                    {"threads", state.threads},
                    {"stepsPerEpoch", state.stepsPerEpoch},
                    {"batchSize", state.batchSize},
                    {"torch", state.torch}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

Result<TrainingState> trainingStateFromJson(std::string_view text_)
{
    const Json json = Json::parse(text_, nullptr, false);
    TrainingState state;
    Reader reader{json};
    if (json.is_object()) {
        reader.read("step", state.step);
        reader.read("epoch", state.epoch);
        reader.read("batch", state.batch);
        reader.read("judgedEpoch", state.judgedEpoch, -1);
        reader.read("samples", state.samples);
        reader.read("seconds", state.seconds);
        reader.read("requestedRate", state.requestedRate);
        reader.read("bestValidation", state.bestValidation);
        reader.read("bestEpoch", state.bestEpoch);
        reader.read("bestIsPresent", state.bestIsPresent);
        reader.read("epochsWithoutBest", state.epochsWithoutBest);
        reader.read("optimizer", state.optimizer);
        reader.read("optimizerSteps", state.optimizerSteps);
        reader.read("taken", state.taken);
        reader.read("parts", state.parts);
        reader.read("data", state.data);
        reader.read("device", state.device);
        reader.read("threads", state.threads);
        reader.read("stepsPerEpoch", state.stepsPerEpoch);
        reader.read("batchSize", state.batchSize);
        reader.read("torch", state.torch);
    }
    if (!json.is_object() || !reader.good() || state.batch > state.stepsPerEpoch)
        return {std::nullopt, {{"", text("this is not the state of a training"), {}}}};
    return {std::move(state), {}};
}

}
