// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/street_scene.h"

#include "engine/core/data/canvas.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

namespace descent {

namespace {

enum class Thing : std::int32_t { car, truck, person, sign, light };

constexpr double roadHalf = 3.6, pavement = 2.6, farthest = 70; // metres

Colour anyColour(Random& random, double low, double high)
{
    const auto value = [&] { return static_cast<float>(random.uniform(low, high)); };
    return {value(), value(), value()};
}

/// Metres to pixels. x right of the road's middle, y above the ground, z ahead; the road bends with the square of z.
struct View {
    double centre, horizon, focal, eyeHeight, bend;
    CanvasPoint at(double x, double y, double z) const
    {
        return {centre + focal * (x + bend * z * z) / z, horizon + focal * (eyeHeight - y) / z};
    }
    double pixels(double metres, double z) const { return focal * metres / z; }
};

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
                box.classIndex = static_cast<std::int32_t>(m_things[i]);
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
    void later(double z, std::function<void()> paint) { m_jobs.push_back({z, std::move(paint)}); }
    std::int32_t newThing(Thing thing)
    {
        m_things.push_back(thing);
        return static_cast<std::int32_t>(m_things.size()) - 1;
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

    /// A box standing on the road, seen from behind or from ahead: the face near the eye, the flank towards it, the roof.
    void paintBody(double x, double z, double width, double length, double bottom, double top, Colour colour)
    {
        const double l = x - width / 2, r = x + width / 2, end = z + length;
        const CanvasPoint roof[]{m_view.at(l, top, z), m_view.at(r, top, z), m_view.at(r, top, end), m_view.at(l, top, end)};
        m_canvas.polygon(roof, lit(colour, 1.12F));
        const double middle = m_view.at(x, 0, z).x, vanishing = m_view.at(x, 0, end).x;
        const double flank = vanishing < middle ? l : r;
        const CanvasPoint side[]{m_view.at(flank, bottom, z), m_view.at(flank, top, z), m_view.at(flank, top, end),
                                 m_view.at(flank, bottom, end)};
        m_canvas.polygon(side, lit(colour, 0.72F));
        const CanvasPoint face[]{m_view.at(l, bottom, z), m_view.at(r, bottom, z), m_view.at(r, top, z), m_view.at(l, top, z)};
        m_canvas.polygon(face, colour);
    }

    void paintOnFace(double z, double left, double bottom, double right, double top, Colour colour)
    {
        const CanvasPoint a = m_view.at(left, top, z), b = m_view.at(right, bottom, z);
        m_canvas.rectangle(a.x, a.y, b.x, b.y, colour);
    }

    void addVehicle(double x, double z, bool truck, bool oncoming)
    {
        const double width = truck ? any(2.3, 2.6) : any(1.65, 1.95), length = truck ? any(6, 10) : any(3.6, 4.8),
                     height = truck ? any(2.8, 3.6) : any(1.35, 1.75);
        const Colour paint = any(0, 1) < 0.4 ? lit({1, 1, 1}, static_cast<float>(any(0.1, 0.9))) : anyColour(m_random, 0.05, 0.8);
        const Colour glass = lit({0.2F, 0.26F, 0.32F}, static_cast<float>(any(0.6, 1.3)));
        const bool braking = any(0, 1) < 0.4;
        const std::int32_t thing = newThing(truck ? Thing::truck : Thing::car);
        later(z, [=, this] {
            const CanvasPoint foot = m_view.at(x, 0, z + length * 0.3);
            m_canvas.shadow(foot, m_view.pixels(width * 0.75, z), std::max(1.0, m_view.pixels(0.35, z)), 0.6F);
            m_canvas.begin(thing);
            const double belt = truck ? height : height * 0.58, l = x - width / 2, r = x + width / 2;
            for (const double wheel : {l + 0.2, r - 0.2})
                paintOnFace(z, wheel - 0.13, 0, wheel + 0.13, 0.5, {0.06F, 0.06F, 0.07F});
            paintBody(x, z, width, length, truck ? 0.45 : 0.25, belt, paint);
            if (!truck) {
                paintBody(x, z + length * 0.2, width * 0.84, length * 0.5, belt, height, lit(paint, 0.95F));
                paintOnFace(z + length * 0.2, x - width * 0.36, belt, x + width * 0.36, height - 0.08, glass);
            } else if (oncoming) {
                paintOnFace(z, l + 0.15, height * 0.5, r - 0.15, height * 0.82, glass);
            } else {
                paintOnFace(z, l + 0.15, 0.7, r - 0.15, height - 0.2, lit(paint, 0.85F));
                paintOnFace(z, x - 0.03, 0.7, x + 0.03, height - 0.2, lit(paint, 0.5F));
            }
            const Colour lamp = oncoming ? Colour{1.3F, 1.25F, 1.05F} : braking ? Colour{1.2F, 0.12F, 0.1F} : Colour{0.55F, 0.06F, 0.06F};
            const double y = truck ? 0.75 : belt - 0.25;
            for (const double left : {l + 0.06, r - 0.4})
                paintOnFace(z, left, y - 0.12, left + 0.34, y + 0.08, lamp);
            paintOnFace(z, x - 0.26, 0.42, x + 0.26, 0.54, {0.85F, 0.85F, 0.78F}); // number plate
            m_canvas.begin(Canvas::background);
        });
    }

    void addPerson(double x, double z)
    {
        const double height = any(1.2, 1.9), stride = any(-0.3, 0.3), lean = any(-0.05, 0.05), build = any(0.85, 1.2);
        const Colour coat = anyColour(m_random, 0.05, 0.95), trousers = anyColour(m_random, 0.05, 0.5);
        const Colour skin = mixed({0.92F, 0.75F, 0.62F}, {0.35F, 0.22F, 0.15F}, static_cast<float>(any(0, 1)));
        const Colour hair = lit({0.4F, 0.28F, 0.16F}, static_cast<float>(any(0.2, 1.6)));
        const std::int32_t thing = newThing(Thing::person);
        later(z, [=, this] {
            const auto place = [&](double across, double up) { return m_view.at(x + across * height, up * height, z); };
            const auto wide = [&](double metres) { return m_view.pixels(metres * height * build, z); };
            m_canvas.shadow(place(0, 0), wide(0.22), std::max(0.6, wide(0.05)), 0.5F);
            m_canvas.begin(thing);
            const CanvasPoint hip = place(lean * 0.5, 0.48), neck = place(lean, 0.83);
            for (const double side : {-1.0, 1.0}) {
                const CanvasPoint foot = place(side * stride * 0.5 + side * 0.03, 0.01), hand = place(lean - side * stride * 0.4 - side * 0.12, 0.45);
                m_canvas.line(hip, foot, wide(0.085), trousers);
                m_canvas.line(neck, hand, wide(0.065), lit(coat, 0.85F));
            }
            m_canvas.line(hip, neck, wide(0.2), coat);
            m_canvas.ellipse(place(lean, 0.92), wide(0.062), wide(0.08), skin);
            m_canvas.ellipse(place(lean, 0.955), wide(0.062), wide(0.045), hair);
            m_canvas.begin(Canvas::background);
        });
    }

    void paintPole(double x, double z, double height)
    {
        m_canvas.line(m_view.at(x, 0, z), m_view.at(x, height, z), std::max(0.5, m_view.pixels(0.09, z)), {0.45F, 0.46F, 0.48F});
    }

    void addSign(double x, double z)
    {
        const double height = any(2.1, 2.7), radius = any(0.32, 0.45);
        const int kind = static_cast<int>(m_random.below(4));
        const std::int32_t thing = newThing(Thing::sign);
        later(z, [=, this] {
            paintPole(x, z, height);
            m_canvas.begin(thing);
            const CanvasPoint centre = m_view.at(x, height, z);
            const double r = m_view.pixels(radius, z);
            const Colour red{0.85F, 0.08F, 0.1F}, white{0.95F, 0.95F, 0.93F}, blue{0.1F, 0.25F, 0.7F};
            const auto regular = [&](int corners, double size, double turn, Colour colour) {
                std::vector<CanvasPoint> outline;
                for (int i = 0; i < corners; ++i) {
                    const double angle = 2 * std::numbers::pi * (i + turn) / corners;
                    outline.push_back({centre.x + size * std::sin(angle), centre.y - size * std::cos(angle)});
                }
                m_canvas.polygon(outline, colour);
            };
            if (kind == 0) { // a limit
                m_canvas.ellipse(centre, r, r, red);
                m_canvas.ellipse(centre, r * 0.72, r * 0.72, white);
            } else if (kind == 1) { // a warning
                regular(3, r * 1.15, 0, red);
                regular(3, r * 0.65, 0, white);
            } else if (kind == 2) { // stop
                regular(8, r, 0.5, red);
                m_canvas.rectangle(centre.x - r * 0.6, centre.y - r * 0.16, centre.x + r * 0.6, centre.y + r * 0.16, white);
            } else { // the way
                m_canvas.ellipse(centre, r, r, blue);
                m_canvas.rectangle(centre.x - r * 0.14, centre.y - r * 0.6, centre.x + r * 0.14, centre.y + r * 0.6, white);
            }
            m_canvas.begin(Canvas::background);
        });
    }

    void addLight(double x, double z)
    {
        const double height = any(2.6, 3.6);
        const int lamp = static_cast<int>(m_random.below(3));
        const std::int32_t thing = newThing(Thing::light);
        later(z, [=, this] {
            paintPole(x, z, height);
            m_canvas.begin(thing);
            paintOnFace(z, x - 0.17, height - 0.45, x + 0.17, height + 0.45, {0.1F, 0.1F, 0.11F});
            const Colour on[]{{1.3F, 0.15F, 0.1F}, {1.3F, 0.85F, 0.1F}, {0.15F, 1.2F, 0.4F}};
            for (int i = 0; i < 3; ++i)
                m_canvas.ellipse(m_view.at(x, height + 0.28 - 0.28 * i, z), m_view.pixels(0.11, z), m_view.pixels(0.11, z),
                                 i == lamp ? on[i] : lit(on[i], 0.2F));
            m_canvas.begin(Canvas::background);
        });
    }

    /// Near things are larger and rarer than far ones: the distance is drawn from its logarithm.
    double distance(double near) { return near * std::pow(farthest * 0.7 / near, any(0, 1)); }

    void placeThings()
    {
        const auto howMany = [&](double mean) { return static_cast<int>(std::lround(m_options.density * mean * any(0, 2))); };
        for (const bool oncoming : {false, true}) {
            double z = any(oncoming ? 4 : 5, 20);
            for (int i = howMany(1.6); i > 0 && z < farthest; --i, z += any(9, 22))
                addVehicle((oncoming ? -1 : 1) * roadHalf / 2 + any(-0.3, 0.3), z, any(0, 1) < 0.22, oncoming);
        }
        for (int i = howMany(1.2); i > 0; --i) // parked
            addVehicle((m_random.below(2) ? 1 : -1) * (roadHalf + any(0.6, 1.2)), distance(6), any(0, 1) < 0.1, m_random.below(2) == 1);
        for (int i = howMany(2.4); i > 0; --i) {
            const bool crossing = any(0, 1) < 0.25;
            addPerson(crossing ? any(-roadHalf, roadHalf) : (m_random.below(2) ? 1 : -1) * (roadHalf + any(0.4, pavement)), distance(4));
        }
        for (int i = howMany(1.3); i > 0; --i)
            addSign((m_random.below(3) ? 1 : -1) * (roadHalf + any(0.3, 0.9)), distance(5));
        for (int i = howMany(1); i > 0; --i)
            addLight((m_random.below(3) ? 1 : -1) * (roadHalf + any(0.2, 0.8)), distance(6));
    }

    const StreetOptions& m_options;
    Random& m_random;
    Canvas m_canvas;
    View m_view{};
    double m_dusk = 0, m_fog = 0; // 0 to 1
    Colour m_haze;
    std::vector<Thing> m_things;
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
