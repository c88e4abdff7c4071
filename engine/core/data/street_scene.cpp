// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/street_scene.h"

#include "engine/core/data/street_things.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace descent {

namespace {

enum class Kind : std::int32_t { car, truck, person, sign, light };

constexpr double roadHalf = 3.6, pavement = 2.6, farthest = 70; // metres

class Street {
public:
    Street(const StreetOptions& options, Random& random)
        : m_options{options}, m_random{random}, m_canvas{options.width, options.height}
    {
        const double v = options.variety, width = static_cast<double>(options.width), height = static_cast<double>(options.height);
        m_view = {.centre = width * (0.5 + v * random.uniform(-0.12, 0.12)),
                  .horizon = height * (0.42 + v * random.uniform(-0.08, 0.08)),
                  .focal = width * random.uniform(0.8, 1.05),
                  .eyeHeight = random.uniform(1.4, 2.4),
                  .bend = v * random.normal() * 0.0025};
        m_dusk = v * random.uniform() > 0.7 ? random.uniform(0.3, 1) : 0;
        m_fog = v * random.uniform() > 0.75 ? random.uniform(0.3, 1) : 0.1;
        m_haze = mixed({0.78F, 0.82F, 0.86F}, {0.42F, 0.33F, 0.38F}, static_cast<float>(m_dusk));
    }

    std::vector<Box> draw(std::uint8_t* pixels)
    {
        paintGround();
        placeThings();
        std::sort(m_jobs.begin(), m_jobs.end(), [](const Job& a, const Job& b) { return a.z > b.z; });
        for (const Job& job : m_jobs) {
            m_canvas.setHaze(m_haze, static_cast<float>(std::min(0.92, m_fog * job.z / farthest)));
            job.paint();
        }
        const double v = m_options.variety;
        const double light = (1 - 0.55 * m_dusk) * (1 + v * m_random.uniform(-0.15, 0.15));
        m_canvas.develop(static_cast<float>(light), 0.012 + v * m_random.uniform(0, 0.03), m_random, pixels);
        std::vector<Box> boxes;
        const auto seen = m_canvas.seen();
        for (std::size_t i = 0; i < seen.size(); ++i)
            if (seen[i]) {
                Box box = seen[i]->extent;
                box.classIndex = static_cast<std::int32_t>(m_kinds[i]);
                box.ignored = seen[i]->visible <= 1.0 / 3 || box.bottom - box.top < 5;
                boxes.push_back(box);
            }
        return boxes;
    }

private:
    struct Job {
        double z;
        std::function<void()> paint;
    };

    double any(double low, double high) { return m_random.uniform(low, high); }

    template <typename Thing>
    void add(Kind kind, const Thing& thing)
    {
        const auto number = static_cast<std::int32_t>(m_kinds.size());
        m_kinds.push_back(kind);
        m_jobs.push_back({thing.z, [this, thing, number] { paint(m_canvas, m_view, thing, number); }});
    }

    /// A stripe of the ground from z `near` to `far` between two distances from the road's middle.
    void stripe(double left, double right, double near, double far, Colour colour)
    {
        std::vector<CanvasPoint> outline;
        constexpr int pieces = 12;
        const auto zOf = [&](int i) { return near * std::pow(far / near, static_cast<double>(i) / pieces); };
        for (int i = 0; i <= pieces; ++i)
            outline.push_back(m_view.at(left, 0, zOf(i)));
        for (int i = pieces; i >= 0; --i)
            outline.push_back(m_view.at(right, 0, zOf(i)));
        m_canvas.polygon(outline, colour);
    }

    void paintGround()
    {
        const double width = static_cast<double>(m_options.width), height = static_cast<double>(m_options.height);
        const Colour zenith = mixed({0.35F, 0.55F, 0.85F}, {0.16F, 0.14F, 0.26F}, static_cast<float>(m_dusk));
        constexpr int bands = 16;
        for (int i = 0; i < bands; ++i)
            m_canvas.rectangle(0, m_view.horizon * i / bands, width, m_view.horizon * (i + 1) / bands + 1,
                               mixed(zenith, m_haze, (static_cast<float>(i) + 0.5F) / bands));
        for (double cloud = any(0, 4); cloud > 1; --cloud) {
            const CanvasPoint centre{any(0, width), any(0, m_view.horizon * 0.7)};
            const double size = any(0.05, 0.12) * width;
            for (int puff = 0; puff < 4; ++puff)
                m_canvas.ellipse({centre.x + any(-1, 1) * size, centre.y + any(-0.2, 0.2) * size}, size * any(0.4, 0.9),
                                 size * any(0.15, 0.3), mixed(m_haze, {1, 1, 1}, 0.4F));
        }
        const bool country = any(0, 1) < 0.4;
        const Colour verge = country ? Colour{0.33F, 0.45F, 0.22F} : lit({0.52F, 0.5F, 0.47F}, static_cast<float>(any(0.8, 1.1)));
        m_canvas.rectangle(0, m_view.horizon, width, height, mixed(verge, m_haze, 0.15F));
        paintSides(country);
        constexpr double nearest = 1.2, farEnd = 200;
        stripe(-roadHalf - pavement, roadHalf + pavement, nearest, farEnd, lit({0.62F, 0.6F, 0.57F}, static_cast<float>(any(0.8, 1.1))));
        stripe(-roadHalf, roadHalf, nearest, farEnd, lit({0.33F, 0.33F, 0.35F}, static_cast<float>(any(0.75, 1.25))));
        const Colour paint{0.88F, 0.88F, 0.84F};
        for (const double edge : {-roadHalf + 0.25, roadHalf - 0.35})
            stripe(edge, edge + 0.12, nearest, farEnd, paint);
        for (double z = any(1.2, 6); z < farthest; z += 8)
            stripe(-0.07, 0.07, z, z + 3, paint);
        if (any(0, 1) < 0.3) { // a zebra crossing
            const double z = any(7, 18);
            for (double x = -roadHalf + 0.4; x < roadHalf - 0.6; x += 1)
                stripe(x, x + 0.5, z, z + 3, paint);
        }
    }

    /// Houses or trees on both sides, behind the pavement.
    void paintSides(bool country)
    {
        for (const double hand : {-1.0, 1.0})
            for (double z = farthest; z > 5; z -= any(5, 10)) {
                m_canvas.setHaze(m_haze, static_cast<float>(std::min(0.92, 0.1 + m_fog * z / farthest)));
                const double x = hand * (roadHalf + pavement + any(country ? 2 : 0.3, country ? 9 : 2));
                country ? paintTree(x, z) : paintHouse(hand, x, z);
            }
        m_canvas.setHaze(m_haze, 0);
    }

    void paintTree(double x, double z)
    {
        const double height = any(4, 9);
        const CanvasPoint foot = m_view.at(x, 0, z), top = m_view.at(x, height, z);
        m_canvas.line(foot, top, m_view.pixels(0.35, z), {0.28F, 0.2F, 0.14F});
        const Colour leaves = lit({0.2F, 0.4F, 0.16F}, static_cast<float>(any(0.7, 1.3)));
        for (int i = 0; i < 5; ++i) {
            const CanvasPoint centre = m_view.at(x + any(-1, 1), height * any(0.6, 1), z);
            m_canvas.ellipse(centre, m_view.pixels(any(1, 2), z), m_view.pixels(any(1, 2), z),
                             lit(leaves, static_cast<float>(any(0.8, 1.2))));
        }
    }

    void paintHouse(double hand, double x, double z)
    {
        const double height = any(5, 14), depth = any(6, 12), width = any(6, 12);
        const Colour wall = mixed(anyColour(m_random, 0.35, 0.85), {0.65F, 0.58F, 0.5F}, 0.6F);
        const CanvasPoint side[]{m_view.at(x, 0, z), m_view.at(x, height, z), m_view.at(x, height, z + depth), m_view.at(x, 0, z + depth)};
        m_canvas.polygon(side, lit(wall, 0.8F));
        const CanvasPoint front[]{m_view.at(x, 0, z), m_view.at(x, height, z), m_view.at(x + hand * width, height, z),
                                  m_view.at(x + hand * width, 0, z)};
        m_canvas.polygon(front, wall);
        const Colour glass = m_dusk > 0.4 ? Colour{0.95F, 0.85F, 0.5F} : Colour{0.3F, 0.36F, 0.44F};
        for (double y = 1.2; y + 1.4 < height; y += 2.8)
            for (double along = 1; along + 1 < depth; along += 2.4)
                if (any(0, 1) < 0.85) {
                    const CanvasPoint window[]{m_view.at(x, y, z + along), m_view.at(x, y + 1.4, z + along),
                                               m_view.at(x, y + 1.4, z + along + 1), m_view.at(x, y, z + along + 1)};
                    m_canvas.polygon(window, glass);
                }
    }

    /// Near things are larger and rarer than far ones: the distance is drawn from its logarithm.
    double distance(double near) { return near * std::pow(farthest * 0.7 / near, any(0, 1)); }

    void placeThings()
    {
        const auto howMany = [&](double mean) { return static_cast<int>(std::lround(m_options.density * mean * any(0, 2))); };
        const auto someSide = [&] { return m_random.below(2) == 1 ? 1.0 : -1.0; };
        const auto addVehicle = [&](double x, double z, double trucks, bool oncoming) {
            const bool truck = any(0, 1) < trucks;
            add(truck ? Kind::truck : Kind::car, anyVehicle(x, z, truck, oncoming, m_random));
        };
        for (const bool oncoming : {false, true}) {
            double z = any(oncoming ? 4 : 5, 20);
            for (int i = howMany(1.6); i > 0 && z < farthest; --i, z += any(9, 22))
                addVehicle((oncoming ? -1 : 1) * roadHalf / 2 + any(-0.3, 0.3), z, 0.22, oncoming);
        }
        for (int i = howMany(1.2); i > 0; --i) { // parked
            const double side = someSide();
            addVehicle(side * (roadHalf + any(0.6, 1.2)), distance(6), 0.1, side < 0);
        }
        for (int i = howMany(2.4); i > 0; --i) {
            const bool crossing = any(0, 1) < 0.25;
            const double x = crossing ? any(-roadHalf, roadHalf) : someSide() * (roadHalf + any(0.4, pavement));
            add(Kind::person, anyPerson(x, distance(4), m_random));
        }
        for (int i = howMany(1.3); i > 0; --i) {
            const double x = someSide() * (roadHalf + any(0.3, 0.9));
            add(Kind::sign, anySign(x, distance(5), m_random));
        }
        for (int i = howMany(1); i > 0; --i) {
            const double x = someSide() * (roadHalf + any(0.2, 0.8));
            add(Kind::light, anyTrafficLight(x, distance(6), m_random));
        }
    }

    const StreetOptions& m_options;
    Random& m_random;
    Canvas m_canvas;
    StreetView m_view;
    double m_dusk = 0, m_fog = 0; // 0 to 1
    Colour m_haze;
    std::vector<Kind> m_kinds;
    std::vector<Job> m_jobs; // painted from far to near
};

}

const std::vector<std::string>& streetClasses()
{
    static const std::vector<std::string> names{"car", "truck", "person", "sign", "light"};
    return names;
}

std::vector<Box> drawStreet(const StreetOptions& options, Random& random, std::uint8_t* pixels)
{
    return Street{options, random}.draw(pixels);
}

}
